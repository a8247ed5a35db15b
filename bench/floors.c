#include "floors.h"
#include "hash.h"
#include "measure.h"

#include <stdlib.h>
#include <yaml.h>

void bench_libyaml_events(void *ctx)
{
    const bench_data *data = ctx;
    yaml_parser_t parser;
    yaml_event_t event;

    if (!yaml_parser_initialize(&parser))
        bench_die("libyaml", "out of memory");
    yaml_parser_set_input_string(&parser, (const unsigned char *)data->yaml.data,
                                 data->yaml.len);
    for (bool more = true; more;) {
        if (!yaml_parser_parse(&parser, &event))
            bench_die("manifests.yaml", parser.problem);
        more = event.type != YAML_STREAM_END_EVENT;
        bench_sink += event.type;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}

void bench_jansson_tree(void *ctx)
{
    const bench_data *data = ctx;
    json_t *tree = json_loadb(data->json.data, data->json.len, 0, NULL);

    if (tree == NULL)
        bench_die("manifests.json", "jansson refuses it");
    json_decref(tree);
}

enum { WORDS_PER_LINE = 8 };

void bench_touch_build(bench_touch *touch, const bench_data *data)
{
    size_t lines = 1;

    while (lines < data->row_count)
        lines *= 2;
    touch->data = data;
    touch->mask = lines - 1;
    touch->lines = bench_alloc(lines * WORDS_PER_LINE, sizeof *touch->lines);
    for (size_t i = 0; i < lines * WORDS_PER_LINE; i++)
        touch->lines[i] = bench_mix(i, 1);
}

void bench_touch_free(bench_touch *touch)
{
    free(touch->lines);
}

void bench_touch_run(void *ctx)
{
    const bench_touch *touch = ctx;
    uint64_t sum = 0;

    for (size_t i = 0; i < touch->data->request_count; i++) {
        const bench_request *q = &touch->data->requests[i];
        uint64_t host = bench_hash(q->gateway, q->request.host.data, q->request.host.len);
        uint64_t both = bench_hash(host, q->path.data, q->path.len);
        uint64_t first = touch->lines[(both & touch->mask) * WORDS_PER_LINE];
        sum += touch->lines[((first ^ both) & touch->mask) * WORDS_PER_LINE + 1];
    }
    bench_sink += sum;
}
