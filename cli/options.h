/* The command line, as tables: what each option is, which commands take it, where it goes. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <gatewayapi/base.h>
#include <gatewayapi/resources.h>
#include <gatewayapi/topology.h>
#include "command.h"
#include "memory.h"
#include "terminal.h"

typedef uint32_t cli_form;
enum {
    CLI_FORM_HUMAN = 1,
    CLI_FORM_JSON,
    CLI_FORM_YAML,
    CLI_FORM_MAN,
    CLI_FORM_SARIF,
    CLI_FORM_JUNIT,
    CLI_FORM_TAP,
    CLI_FORM_GITHUB,
    CLI_FORM_DOT,
    CLI_FORM_MERMAID,
    CLI_FORM_SVG
};

typedef struct cli_destination {
    cli_form form;
    const char *file; /* NULL: standard output */
} cli_destination;

enum { CLI_DESTINATIONS = 8 };

typedef struct cli_options {
    const cli_command *command;
    cli_list paths;
    cli_list urls; /* `match` */
    const char *object; /* `explain`: "KIND/NAMESPACE/NAME"; `tls`: "NAMESPACE/NAME:PORT" */
    const char *role;   /* `tls`: "backend" or "listener" */

    uint32_t channel;
    cli_list crds;
    const char *kubernetes_version;
    const char *namespace_;
    cli_list skip;
    cli_list exclude;
    uint32_t unknown_fields;
    uint32_t unknown_kinds; /* 1: an error */
    bool stored;
    bool allow_empty;
    cli_list old;
    bool minimal;

    const char *controller;
    const char *default_mesh;
    uint32_t assume;
    cli_list usable_addresses;
    bool features_given;
    cli_list features;
    gwapi_extension *extensions;
    size_t extension_count;
    bool compare;
    bool now_given;
    int64_t now;

    uint32_t path_policy;
    const char *host;
    const char *method;
    cli_list headers;
    bool port_given;
    uint32_t port;
    const char *sni;
    const char *address;
    cli_list gateways;
    bool random_given;
    uint64_t random;
    const char *requests;
    const char *snapshot;
    bool explain; /* `match` */

    cli_list tests; /* `test` */

    const char *connect; /* `tls`: "HOST:PORT" */

    const char *image;
    bool with_keys;

    cli_destination destinations[CLI_DESTINATIONS];
    size_t destination_count;
    uint32_t colour;
    bool quiet;
    uint32_t fail_on; /* a gwapi_severity */
    bool exit_zero;
} cli_options;

/* Reads the arguments after the command's name. True to go on; else *status says how to end
 * (the help was shown, or a message about the mistake). */
bool cli_options_parse(cli_options *options, const cli_command *command, int argc, char **argv,
                       int *status);
void cli_options_free(cli_options *options);

/* The options of a command, as --help shows them. */
void cli_options_help(const cli_command *command, FILE *out);

/* The name of a format. */
const char *cli_form_name(cli_form form);

#endif
