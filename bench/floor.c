/*
 * What anyone must at least pay to read a file, as a process of its own: `floor yaml FILE` asks
 * libyaml's parser for all events and keeps nothing, `floor json FILE` lets jansson load one
 * value after the other.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <yaml.h>

static int fail(const char *what)
{
    fprintf(stderr, "floor: %s\n", what);
    return 1;
}

static char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    long size;

    if (file == NULL)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 &&
        fseek(file, 0, SEEK_SET) == 0) {
        *len = (size_t)size;
        bytes = malloc(*len + 1);
    }
    if (bytes != NULL && fread(bytes, 1, *len, file) != *len) {
        free(bytes);
        bytes = NULL;
    }
    fclose(file);
    return bytes;
}

static int read_yaml(const char *bytes, size_t len)
{
    yaml_parser_t parser;
    yaml_event_t event;
    int more = 1;

    if (!yaml_parser_initialize(&parser))
        return fail("out of memory");
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, len);
    while (more) {
        if (!yaml_parser_parse(&parser, &event))
            return fail(parser.problem);
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return 0;
}

static int read_json(const char *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        json_error_t error;
        json_t *value;

        if (strchr(" \t\r\n", bytes[at]) != NULL) {
            at++;
            continue;
        }
        value = json_loadb(bytes + at, len - at, JSON_DISABLE_EOF_CHECK, &error);
        if (value == NULL)
            return fail(error.text);
        json_decref(value);
        at += (size_t)error.position;
    }
    return 0;
}

int main(int argc, char **argv)
{
    size_t len = 0;
    char *bytes;
    int status;

    if (argc != 3 || (strcmp(argv[1], "yaml") != 0 && strcmp(argv[1], "json") != 0))
        return fail("usage: floor yaml|json FILE");
    bytes = read_file(argv[2], &len);
    if (bytes == NULL)
        return fail("cannot read the file");
    status = strcmp(argv[1], "yaml") == 0 ? read_yaml(bytes, len) : read_json(bytes, len);
    free(bytes);
    return status;
}
