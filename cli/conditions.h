/* Status conditions: which way round each type is good, and what to do about a reason. */
#ifndef CLI_CONDITIONS_H
#define CLI_CONDITIONS_H

typedef enum cli_state {
    CLI_STATE_GOOD,
    CLI_STATE_BAD,
    CLI_STATE_OPEN,
    CLI_STATE_NEUTRAL
} cli_state;

/* Is a condition of this type good news with this status and reason? */
cli_state cli_condition_state(const char *type, const char *status, const char *reason);
/* What a user can do about the reason, NULL when the message says all there is. */
const char *cli_condition_advice(const char *reason);

#endif
