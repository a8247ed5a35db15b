/* What the commands have in common: their table, their exit statuses. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

/* Exit statuses; of two the greater counts. */
enum {
    CLI_FINE = 0,
    CLI_FINDINGS = 1,
    CLI_USAGE = 2,   /* and I/O */
    CLI_INTERNAL = 3 /* and a limit */
};

/* A set of commands, for options that belong to some of them. */
enum {
    CLI_VALIDATE = 1,
    CLI_NORMALIZE = 2,
    CLI_STATUS = 4,
    CLI_MATCH = 8,
    CLI_COMPILE = 16,
    CLI_EXPLAIN = 32,
    CLI_LINT = 64,
    CLI_TLS = 128,
    CLI_GRAPH = 256,
    CLI_TEST = 512,
    CLI_RESOLVERS = CLI_STATUS | CLI_MATCH | CLI_COMPILE | CLI_EXPLAIN | CLI_LINT | CLI_TLS |
                    CLI_GRAPH | CLI_TEST,
    CLI_READERS = CLI_VALIDATE | CLI_NORMALIZE | CLI_RESOLVERS,
    CLI_ALL = CLI_READERS
};

struct cli_options;

typedef struct cli_command {
    const char *name;
    unsigned bit;
    const char *summary; /* for the list of commands */
    const char *usage;   /* after the name */
    const char *about;   /* a paragraph for --help */
    const char *formats; /* of --output, the default first, with '|' between; NULL: none */
    int (*run)(const struct cli_options *options);
} cli_command;

int cli_validate(const struct cli_options *options);
int cli_normalize(const struct cli_options *options);
int cli_lint(const struct cli_options *options);
int cli_status(const struct cli_options *options);
int cli_match(const struct cli_options *options);
int cli_compile(const struct cli_options *options);
int cli_explain(const struct cli_options *options);
int cli_graph(const struct cli_options *options);
int cli_test(const struct cli_options *options);
int cli_tls(const struct cli_options *options);

static inline int cli_worse(int a, int b)
{
    return a > b ? a : b;
}

#endif
