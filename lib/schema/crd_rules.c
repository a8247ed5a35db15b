/* The form of rules: x-kubernetes-validations. What they say: crd_expressions.c. */
#include "base/utf8.h"
#include "schema/crd_judge.h"

#define RULE "crd/rule"

static bool has_line_break(gwapi_str text)
{
    return gwapi__str_find_char(text, '\n') != SIZE_MAX ||
           gwapi__str_find_char(text, '\r') != SIZE_MAX;
}

typedef struct rule {
    const gwapi__frame *at;
    const gwapi__node *node;
} rule;

static gwapi_str text_of(const rule *r, const char *member)
{
    return gwapi__node_get_str(r->node, gwapi__str_of(member));
}

static void fault(gwapi__judgement *j, const rule *r, const char *member, gwapi_error_type type,
                  const char *text)
{
    gwapi__frame frame = gwapi__crd_at(r->at, r->node, member);

    gwapi__crd_fault(j, &frame, gwapi__node_get(r->node, gwapi__str_of(member)), type, RULE,
                     text);
}

/* The first thing that is wrong counts. */
static void check_texts(gwapi__judgement *j, const rule *r)
{
    gwapi_str text = gwapi__utf8_trim(text_of(r, "rule")), message = text_of(r, "message");
    gwapi_str trimmed = gwapi__utf8_trim(message);

    if (text.len == 0)
        fault(j, r, "rule", GWAPI_ERROR_REQUIRED, "the text of the rule is required");
    else if (message.len != 0 && trimmed.len == 0)
        fault(j, r, "message", GWAPI_ERROR_INVALID, "must say something, or be left out");
    else if (has_line_break(trimmed))
        fault(j, r, "message", GWAPI_ERROR_INVALID, "must be one line");
    else if (has_line_break(text) && trimmed.len == 0)
        fault(j, r, "message", GWAPI_ERROR_REQUIRED, "a rule of several lines needs a message");
    if (text_of(r, "messageExpression").len != 0 &&
        gwapi__utf8_trim(text_of(r, "messageExpression")).len == 0)
        fault(j, r, "messageExpression", GWAPI_ERROR_REQUIRED,
              "must be an expression, or be left out");
}

static void check_reason(gwapi__judgement *j, const rule *r)
{
    static const char *const reasons[] = {"FieldValueRequired", "FieldValueForbidden",
                                          "FieldValueInvalid", "FieldValueDuplicate"};
    const gwapi__node *reason = GWAPI__GET(r->node, "reason");

    if (reason == NULL)
        return;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (gwapi__str_eq(reason->as.string, gwapi__str_of(reasons[i])))
            return;
    fault(j, r, "reason", GWAPI_ERROR_NOT_SUPPORTED,
          "must be FieldValueInvalid, FieldValueRequired, FieldValueForbidden or "
          "FieldValueDuplicate");
}

static void check_field_path(gwapi__judgement *j, const rule *r, const gwapi__node *schema,
                             bool convertible)
{
    gwapi_str path = text_of(r, "fieldPath");
    const char *complaint = NULL;
    gwapi__frame frame = gwapi__crd_at(r->at, r->node, "fieldPath");

    if (path.len == 0)
        return;
    if (gwapi__utf8_trim(path).len == 0)
        fault(j, r, "fieldPath", GWAPI_ERROR_INVALID, "must be a path, or be left out");
    if (has_line_break(path))
        fault(j, r, "fieldPath", GWAPI_ERROR_INVALID, "must be one line");
    if (convertible)
        gwapi__crd_follow(schema, path, true, NULL, &complaint);
    if (complaint != NULL)
        gwapi__crd_fault(j, &frame, GWAPI__GET(r->node, "fieldPath"), GWAPI_ERROR_INVALID, RULE,
                         "%q is no path in the schema: %s", path, complaint);
}

void gwapi__crd_check_rules(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__node *schema)
{
    const gwapi__node *list = GWAPI__GET(schema, "x-kubernetes-validations");
    gwapi__frame list_at = gwapi__crd_at(at, schema, "x-kubernetes-validations");

    if (list == NULL)
        return;
    bool convertible = gwapi__crd_is_convertible(schema);
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        gwapi__frame frame = gwapi__frame_item(&list_at, list, i);
        const rule r = {&frame, list->as.list.items[i]};
        check_texts(j, &r);
        check_reason(j, &r);
        check_field_path(j, &r, schema, convertible);
    }
}
