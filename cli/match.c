/* gatewayapi match: where requests go. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decide.h"
#include "io.h"
#include "lines.h"
#include "render_decision.h"
#include "request.h"
#include "snapshot.h"

typedef struct matching {
    const cli_options *options;
    gwapi_snapshot *snapshot;
    cli_decider decider;
    bool prompt; /* somebody waits for each answer */
    cli_output outs[CLI_DESTINATIONS];
    cli_terminal terminals[CLI_DESTINATIONS];
} matching;

/* ---- one request ---- */

/* {"id":...,"error":"..."} */
static void write_error(FILE *out, const cli_request *r)
{
    json_t *error = json_string(r->error);
    char *text = error != NULL ? json_dumps(error, JSON_ENCODE_ANY) : NULL;

    fprintf(out, "{%s%s%s\"error\":%s}\n", r->id != NULL ? "\"id\":" : "",
            r->id != NULL ? r->id : "", r->id != NULL ? "," : "",
            text != NULL ? text : "\"the line is not UTF-8\"");
    free(text);
    json_decref(error);
}

/* People see what programs see, in other words. */
static gwapi_result write_human(const matching *m, cli_terminal *terminal, const cli_request *r,
                                const gwapi_decision *decision)
{
    cli_bytes bytes = {NULL, 0};
    gwapi_str none = {NULL, 0};
    gwapi_result result = cli_decide_write(&m->decider, r, none, decision, &bytes);
    json_t *line =
        result == GWAPI_OK ? json_loadb(bytes.data, bytes.len, JSON_ALLOW_NUL, NULL) : NULL;

    if (line != NULL)
        cli_render_decision(terminal, r, line);
    else if (result == GWAPI_OK)
        result = GWAPI_ESTATE;
    json_decref(line);
    free(bytes.data);
    return result;
}

static gwapi_result write_json(const matching *m, cli_output *out, const cli_request *r,
                               const gwapi_decision *decision)
{
    gwapi_sink sink = cli_output_sink(out);
    cli_bytes bytes = {NULL, 0};
    gwapi_result result;

    if (m->options->explain) {
        result = cli_decide_write(&m->decider, r, cli_str(r->id), decision, &bytes);
        if (result == GWAPI_OK && sink.write(sink.ctx, bytes.data, bytes.len) != 0)
            result = GWAPI_ECALLBACK;
        free(bytes.data);
    } else {
        result = gwapi_decision_write(decision, &r->request, cli_str(r->id), &sink);
    }
    fputc('\n', out->file);
    return result;
}

static gwapi_result write_one(matching *m, size_t i, const cli_request *r,
                              const gwapi_decision *decision)
{
    bool human = m->options->destinations[i].form == CLI_FORM_HUMAN;

    if (r->error != NULL && human)
        cli_render_decision(&m->terminals[i], r, NULL);
    else if (r->error != NULL)
        write_error(m->outs[i].file, r);
    else
        return human ? write_human(m, &m->terminals[i], r, decision)
                     : write_json(m, &m->outs[i], r, decision);
    return GWAPI_OK;
}

/* Decides and writes. An exit status; output errors show at the end, or at once when
 * nothing more can be written. */
static int answer(matching *m, const cli_request *r)
{
    gwapi_decision decision = GWAPI_DECISION_INIT;
    gwapi_result result = r->error == NULL ? cli_decide(&m->decider, r, &decision) : GWAPI_OK;

    for (size_t i = 0; result == GWAPI_OK && i < m->options->destination_count; i++) {
        result = write_one(m, i, r, &decision);
        if (m->prompt && fflush(m->outs[i].file) != 0) {
            m->outs[i].error = errno;
            result = GWAPI_ECALLBACK;
        }
    }
    if (result == GWAPI_ECALLBACK)
        return CLI_USAGE;
    return cli_worse(r->error != NULL ? CLI_USAGE : CLI_FINE, cli_failed("match", result));
}

/* ---- one or many ---- */

static int match_url(matching *m)
{
    const char *url = m->options->urls.count != 0 ? m->options->urls.items[0] : NULL;
    cli_request request;
    int status;

    cli_request_of(&request, m->options, url);
    if (request.error != NULL) {
        cli_complain("match: %s", request.error);
        status = CLI_USAGE;
    } else {
        status = answer(m, &request);
    }
    cli_request_free(&request);
    return status;
}

static bool is_blank(gwapi_str line)
{
    size_t i = 0;

    while (i < line.len && strchr(" \t\r", line.data[i]) != NULL && line.data[i] != '\0')
        i++;
    return i == line.len;
}

static bool can_write(const matching *m)
{
    for (size_t i = 0; i < m->options->destination_count; i++)
        if (ferror(m->outs[i].file))
            return false;
    return true;
}

static int match_lines(matching *m)
{
    cli_lines lines;
    gwapi_str line;
    int status = CLI_FINE;

    m->prompt = strcmp(m->options->requests, "-") == 0;
    if (!cli_lines_open(&lines, m->options->requests))
        return CLI_USAGE;
    while (can_write(m) && cli_lines_next(&lines, &line)) {
        cli_request request;
        if (is_blank(line))
            continue;
        cli_request_read(&request, lines.too_long ? (gwapi_str){NULL, 0} : line,
                         m->options->path_policy);
        status = cli_worse(status, answer(m, &request));
        cli_request_free(&request);
    }
    return cli_lines_close(&lines) ? status : cli_worse(status, CLI_USAGE);
}

/* ---- around them ---- */

static int open_outputs(matching *m)
{
    for (size_t i = 0; i < m->options->destination_count; i++) {
        if (!cli_output_open(&m->outs[i], m->options->destinations[i].file, false)) {
            while (i-- > 0)
                cli_output_close(&m->outs[i], false);
            return CLI_USAGE;
        }
        cli_terminal_init(&m->terminals[i], m->outs[i].file, (cli_colour)m->options->colour);
    }
    return CLI_FINE;
}

static int run(matching *m)
{
    int status =
        cli_failed("match", gwapi_scratch_new(&m->decider.scratch, m->snapshot, NULL));

    m->decider.snapshot = m->snapshot;
    m->decider.explain = m->options->explain;
    if (status == CLI_FINE)
        status = open_outputs(m);
    if (status != CLI_FINE)
        return status;
    status = m->options->requests != NULL ? match_lines(m) : match_url(m);
    for (size_t i = 0; i < m->options->destination_count; i++)
        if (!cli_output_close(&m->outs[i], status < CLI_INTERNAL))
            status = cli_worse(status, CLI_USAGE);
    return status;
}

int cli_match(const cli_options *options)
{
    matching m = {.options = options};
    int status = options->snapshot != NULL ? cli_snapshot_open(&m.snapshot, options)
                                           : cli_snapshot_compile(&m.snapshot, options);

    if (m.snapshot != NULL)
        status = cli_worse(status, run(&m));
    gwapi_scratch_free(m.decider.scratch);
    gwapi_snapshot_release(m.snapshot);
    return status;
}
