/* gatewayapi: what the library knows, for CI and for people. See gatewayapi(1). */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "certificates.h"
#include "io.h"
#include "options.h"
#include "report.h"

static const cli_command commands[] = {
    {"validate", CLI_VALIDATE, "judge manifests as an API server would", "[OPTIONS] PATH...",
     "Judges every object of the manifests as an API server with the Gateway API's CRDs\n"
     "would, and shows what it would refuse, with the place and the reason. A PATH is a file,\n"
     "a directory (its *.yaml, *.yml and *.json, recursively) or '-' for standard input.",
     CLI_REPORT_FORMATS, cli_validate},
    {"normalize", CLI_NORMALIZE, "print objects as a cluster would store them",
     "[OPTIONS] PATH...",
     "Prints the objects as a cluster would store them: unknown fields pruned, defaults and\n"
     "namespaces filled in. JSON is one object a line.",
     "yaml|json", cli_normalize},
    {"lint", CLI_LINT, "find what a cluster accepts but does not work", "[OPTIONS] PATH...",
     "Judges the objects as 'validate' does, and finds what a cluster accepts but a user should\n"
     "know: references that lead nowhere, ReferenceGrants that are missing or that nobody\n"
     "uses, listeners in conflict, rules that can never match. What may be in a part of the\n"
     "cluster that was not given is a warning; see --assume and --fail-on.",
     CLI_REPORT_FORMATS, cli_lint},
    {"status", CLI_STATUS, "tell what attaches to what, and why not", "[OPTIONS] PATH...",
     "Works out what a controller would write into each status: which Gateways, listeners,\n"
     "routes and policies are accepted, and for those that are not the reason. YAML and JSON\n"
     "hold every Gateway API object with its status; JSON is one List.",
     "human|json|yaml", cli_status},
    {"match", CLI_MATCH, "tell where a request goes",
     "[OPTIONS] URL PATH...\n       gatewayapi match [OPTIONS] --requests FILE PATH...",
     "Answers requests as a gateway with these manifests would: the listener, the route,\n"
     "the rule, the backend and what it gets. The URL's scheme (http, https, grpc, grpcs,\n"
     "tls, tcp, udp) says what the client speaks. With --requests each line is a request in\n"
     "JSON and gets an answer; with --requests - before the next one is read.",
     "human|json", cli_match},
    {"test", CLI_TEST, "check where requests go, and tell what no test reached",
     "[OPTIONS] --tests PATH PATH...",
     "Runs routing tests against the manifests: requests with what should become of them, as\n"
     "gatewayapi-test(5) describes. Tells for each failure what differs and the decision, and\n"
     "which rules, matches, filters and backends no test reached.",
     "human|json|junit", cli_test},
    {"compile", CLI_COMPILE, "write an image for hosts to map", "[OPTIONS] -o FILE PATH...",
     "Compiles the manifests into one block of bytes, which a host maps and answers requests\n"
     "from. Equal manifests give equal bytes. The file appears, or is replaced, as a whole.",
     NULL, cli_compile},
    {"explain", CLI_EXPLAIN, "tell why an object is attached or not; what a rule is about",
     "[OPTIONS] KIND/NAMESPACE/NAME PATH...\n       gatewayapi explain [OPTIONS] TOPIC...",
     "With an object (HTTPRoute/shop/cart; GatewayClass/edge) and manifests: why it is\n"
     "attached or not, listener by listener, and the ReferenceGrants that are missing.\n"
     "With topics: what rules and fields are about. A TOPIC is the id of a rule, as the\n"
     "other commands print it (httppath-absolute), or a field (HTTPRoute.spec.rules.filters).\n"
     "Without a TOPIC the rules are listed; --output man prints them all as a manual page.",
     "human|json|man", cli_explain},
    {"graph", CLI_GRAPH, "draw Gateways, listeners, routes and backends", "[OPTIONS] PATH...",
     "Draws what attaches to what: Gateways and their listeners, routes and their rules,\n"
     "backends, policies; what is rejected, and why, in red. 'dot' is for Graphviz, 'mermaid'\n"
     "for Markdown pages; 'svg' needs no other tool. Equal manifests give equal pictures.",
     "dot|mermaid|svg", cli_graph},
    {"tls", CLI_TLS, "show the TLS policy in force for a backend or a listener port",
     "[OPTIONS] backend NAMESPACE/SERVICE[:PORT] PATH...\n"
     "       gatewayapi tls [OPTIONS] listener NAMESPACE/GATEWAY[:PORT] PATH...",
     "For the TCP ports of a Service: the BackendTLSPolicy in force, what it says of the\n"
     "certificate and who is trusted, the policies that lost, and why. For the HTTPS and TLS\n"
     "listeners of a Gateway: certificates, and how clients are validated. A name without a\n"
     "namespace is in that of --namespace. JSON is one object a line.",
     "human|json", cli_tls},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_usage(FILE *out)
{
    fputs("Usage: gatewayapi COMMAND [OPTIONS] PATH...\n\n"
          "Understands Kubernetes Gateway API v1.4 manifests without a cluster.\n\nCommands:\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-10s  %s\n", commands[i].name, commands[i].summary);
    fputs("\n'gatewayapi COMMAND --help' tells a command's options.\n"
          "'gatewayapi --version' tells the version.\n",
          out);
}

static const cli_command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int complain_command(const char *name)
{
    static const char *const later[] = {"diff"};

    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        if (strcmp(later[i], name) == 0) {
            cli_complain("'%s' is not available in this version", name);
            return CLI_USAGE;
        }
    cli_complain("'%s' is not a command; see 'gatewayapi --help'", name);
    return CLI_USAGE;
}

/* Standard output is the last thing that can fail, if it has not been told already. */
static int finish(int status)
{
    cli_output out;

    if (status >= CLI_USAGE)
        return status;
    if (!cli_output_open(&out, NULL, false) || !cli_output_close(&out, true))
        return cli_worse(status, CLI_USAGE);
    return status;
}

static int run(const cli_command *command, int argc, char **argv)
{
    cli_options options;
    int status;

    if (cli_options_parse(&options, command, argc, argv, &status))
        status = command->run(&options);
    cli_options_free(&options);
    return status;
}

static void print_version(void)
{
    const char *openssl = cli_certificates_version();

    printf("gatewayapi %s\n", gwapi_version_string());
    if (openssl != NULL)
        printf("certificates are judged by OpenSSL %s\n", openssl);
    else
        puts("certificates are judged by their PEM framing only");
}

static int dispatch(int argc, char **argv)
{
    const cli_command *command;

    if (argc < 2) {
        print_usage(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        print_version();
        return CLI_FINE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_usage(stdout);
        return CLI_FINE;
    }
    command = find_command(argv[1]);
    return command != NULL ? run(command, argc - 2, argv + 2) : complain_command(argv[1]);
}

int main(int argc, char **argv)
{
    cli_io_prepare();
    /* Only the width of characters is asked of the locale. */
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        setlocale(LC_CTYPE, "");
    return finish(dispatch(argc, argv));
}
