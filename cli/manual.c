#include "manual.h"

#include "load.h"

/* Text of a page: backslashes, and what would begin a macro line, are made harmless. */
static void put_text(FILE *out, gwapi_str text)
{
    bool start = true;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (start && (c == '.' || c == '\''))
            fputs("\\&", out);
        if (c == '\\')
            fputs("\\e", out);
        else
            putc(c, out);
        start = c == '\n';
    }
    if (!start)
        putc('\n', out);
}

static void put_literal(FILE *out, const char *title, gwapi_str text)
{
    if (text.len == 0)
        return;
    fprintf(out, ".Pp\n%s:\n.Bd -literal -offset indent -compact\n", title);
    put_text(out, text);
    fputs(".Ed\n", out);
}

static void put_places(FILE *out, const gwapi_explanation *e)
{
    size_t count = gwapi_explanation_place_count(e);

    if (count == 0)
        return;
    fputs(".Pp\nAt:\n.Bd -literal -offset indent -compact\n", out);
    for (size_t i = 0; i < count; i++)
        put_text(out, gwapi_explanation_place_at(e, i));
    fputs(".Ed\n", out);
}

static void put_rule(FILE *out, const gwapi_explanation *e)
{
    gwapi_schema_rule_info rule = {.struct_size = sizeof rule};

    gwapi_explanation_rule(e, &rule);
    fprintf(out, ".Ss %.*s\n", (int)rule.id.len, rule.id.data);
    put_text(out, rule.why);
    if (rule.channel != 0)
        fprintf(out, ".Pp\nOnly in the %s channel.\n",
                rule.channel == GWAPI_CHANNEL_EXPERIMENTAL ? "experimental" : "standard");
    put_places(out, e);
    put_literal(out, "Rule", rule.expression);
    if (rule.hint.len != 0) {
        fputs(".Pp\nTo do:\n", out);
        put_text(out, rule.hint);
    }
    put_literal(out, rule.update ? "Wrong, as an update of the right one" : "Wrong", rule.wrong);
    put_literal(out, "Right", rule.right);
}

static const char head[] =
    ".\\\" Made by 'gatewayapi explain --output man' from schemas/v1.4; do not edit.\n"
    ".Dd November 25, 2026\n"
    ".Dt GATEWAYAPI-RULES 7\n"
    ".Os\n"
    ".Sh NAME\n"
    ".Nm gatewayapi-rules\n"
    ".Nd what Gateway API manifests are judged by\n"
    ".Sh DESCRIPTION\n"
    "Every finding of\n"
    ".Xr gatewayapi 1\n"
    "and of\n"
    ".Xr libgatewayapi 3\n"
    "carries the id of the rule that was broken.\n"
    "For each this page tells why the rule exists, where it holds, what it says in the Common\n"
    "Expression Language if it is a cross-field rule, and shows a wrong and a right manifest.\n"
    ".Sh RULES\n";

static const char tail[] = ".Sh SEE ALSO\n"
                           ".Xr gatewayapi 1 ,\n"
                           ".Xr libgatewayapi 3\n";

int cli_manual_write(const gwapi_schema *schema, FILE *out)
{
    size_t count = gwapi_schema_rule_count(schema);

    fputs(head, out);
    for (size_t i = 0; i < count; i++) {
        gwapi_explanation *e;
        gwapi_result result =
            gwapi_schema_explain(&e, schema, gwapi_schema_rule_at(schema, i), NULL);
        if (result != GWAPI_OK)
            return cli_failed("explain", result);
        put_rule(out, e);
        gwapi_explanation_free(e);
    }
    fputs(tail, out);
    return CLI_FINE;
}
