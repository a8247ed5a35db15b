#include "schema/rule_report.h"

#include "base/slice.h"
#include "base/utf8.h"

#define LONGEST_MESSAGE (5u * 1024) /* bytes that a messageExpression may give */

/* ---- words ----------------------------------------------------------------------------- */

gwapi_str gwapi__rule_words(const gwapi__schema_rule *rule)
{
    return gwapi__utf8_trim(rule->message.len != 0 ? rule->message : rule->rule);
}

gwapi_str gwapi__rule_message_of(const gwapi__cel_value *value)
{
    const gwapi_str none = {NULL, 0};

    if (value->kind != GWAPI__CEL_STRING)
        return none;
    gwapi_str text = gwapi__utf8_trim(value->as.text);
    if (text.len == 0 || text.len > LONGEST_MESSAGE ||
        gwapi__str_find_char(text, '\n') != SIZE_MAX)
        return none;
    return text;
}

static void say_outcome(gwapi__judgement *j, const gwapi__rule_case *c)
{
    gwapi__text *t = &j->message;
    gwapi_str words = gwapi__rule_words(c->rule);

    switch (c->outcome) {
    case GWAPI__RULE_VIOLATED:
        if (c->message.data != NULL)
            gwapi__text_add(t, c->message);
        else
            gwapi__say(t, c->rule->message.len != 0 ? "%v" : "failed rule: %v", words);
        break;
    case GWAPI__RULE_ERROR:
        gwapi__say(t, "%v, while the rule was evaluated: %v", c->message, words);
        break;
    case GWAPI__RULE_COST:
        gwapi__say(t,
                   "the rule costs more than %u units here, no further rule is evaluated: %v",
                   GWAPI__CEL_CALL_LIMIT, words);
        break;
    case GWAPI__RULE_MESSAGE_COST:
        gwapi__say(t,
                   "the messageExpression costs more than is left, no further rule is "
                   "evaluated; the rule is violated: %v",
                   words);
        break;
    default: /* GWAPI__RULE_BUDGET */
        gwapi__say(t,
                   "the rules of the object cost more than %u units, no further rule is "
                   "evaluated",
                   GWAPI__CEL_OBJECT_LIMIT);
        break;
    }
}

/* ---- the place ------------------------------------------------------------------------- */

/* The frame that a fieldPath leads to; the value there need not exist. NULL: no memory. */
static const gwapi__frame *follow(const gwapi__rule_case *c, gwapi__arena *arena)
{
    const gwapi__frame *at = c->at;
    const gwapi__node *node = c->node;

    for (uint32_t i = 0; c->program != NULL && i < c->program->path_length; i++) {
        const gwapi__rule_step *step = &c->program->path[i];
        const gwapi__field *field = gwapi__node_field(node, step->name);
        gwapi__frame *frame = GWAPI__ARENA_NEW(arena, gwapi__frame);
        if (frame == NULL)
            return NULL;
        *frame = gwapi__frame_missing(at, step->name);
        if (step->key)
            frame->step = GWAPI__STEP_KEY;
        if (field != NULL)
            frame->place = field->place;
        node = field != NULL ? field->value : NULL;
        at = frame;
    }
    return at;
}

/* ---- the report ------------------------------------------------------------------------ */

void gwapi__rule_report(gwapi__judgement *j, const gwapi__rule_case *c, gwapi__arena *arena)
{
    bool violated = c->outcome == GWAPI__RULE_VIOLATED;
    gwapi__finding f = {.type = violated ? c->rule->type : GWAPI_ERROR_INVALID,
                        .rule = c->outcome == GWAPI__RULE_BUDGET ? "rules/budget"
                                                                 : c->rule->id.data,
                        .warning = c->forgiven,
                        .brackets = true};

    if (!(c->forgiven ? gwapi__judge_warning(j) : gwapi__judge_error(j, f.type)))
        return;
    if ((f.at = follow(c, arena)) == NULL) {
        gwapi__judge_fail(j, GWAPI_ENOMEM);
        return;
    }
    say_outcome(j, c);
    if (violated && c->rule->hint.data != NULL)
        gwapi__text_add(&j->hint, c->rule->hint);
    gwapi__judge_report(j, &f);
}
