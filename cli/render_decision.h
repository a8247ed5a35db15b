/* A decision as people read it. */
#ifndef CLI_RENDER_DECISION_H
#define CLI_RENDER_DECISION_H

#include <jansson.h>
#include "request.h"
#include "terminal.h"

/* `decision` is the decision line; NULL for a line that is no valid request. */
void cli_render_decision(cli_terminal *terminal, const cli_request *request,
                         const json_t *decision);

#endif
