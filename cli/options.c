#include "options.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "explain_object.h"
#include "io.h"
#include "options_value.h"
#include "request.h"

/* What a value is and how it is kept. */
typedef enum kind {
    FLAG,   /* bool */
    TEXT,   /* const char * */
    LIST,   /* cli_list, one item each time */
    CHOICE, /* uint32_t, a word of `choices` */
    PARSED, /* by `parse` */
    LATER   /* of a later version */
} kind;

typedef struct choice {
    const char *word;
    uint32_t value;
} choice;

typedef struct option {
    const char *name;
    char letter; /* 0: none */
    unsigned commands;
    kind kind;
    size_t offset;        /* in cli_options */
    const char *argument; /* as the help calls it; NULL: none */
    const choice *choices;
    bool (*parse)(cli_options *options, const char *value);
    const char *help;
} option;

#define AT(member) offsetof(cli_options, member)

static const choice channels[] = {{"standard", GWAPI_CHANNEL_STANDARD},
                                  {"experimental", GWAPI_CHANNEL_EXPERIMENTAL},
                                  {NULL, 0}};
static const choice unknown_fields[] = {{"error", GWAPI_UNKNOWN_ERROR},
                                        {"warn", GWAPI_UNKNOWN_WARN},
                                        {"ignore", GWAPI_UNKNOWN_IGNORE},
                                        {NULL, 0}};
static const choice unknown_kinds[] = {{"error", 1}, {"skip", 0}, {NULL, 0}};
static const choice path_policies[] = {{"raw", GWAPI_PATH_RAW},
                                       {"reject", GWAPI_PATH_REJECT},
                                       {"normalize", GWAPI_PATH_NORMALIZE},
                                       {NULL, 0}};
static const choice colours[] = {{"auto", CLI_COLOUR_AUTO},
                                 {"always", CLI_COLOUR_ALWAYS},
                                 {"never", CLI_COLOUR_NEVER},
                                 {NULL, 0}};
static const choice severities[] = {
    {"error", GWAPI_SEVERITY_ERROR}, {"warning", GWAPI_SEVERITY_WARNING}, {NULL, 0}};

enum { READERS = CLI_READERS, OUTPUTS = CLI_ALL & ~CLI_COMPILE };

/* In the order of --help; the manual page follows it. */
static const option table[] = {
    {"channel", 0, CLI_ALL, CHOICE, AT(channel), "standard|experimental", channels, NULL,
     "which v1.4 schemas (standard)"},
    {"crd", 0, CLI_ALL, LIST, AT(crds), "PATH", NULL, NULL,
     "more CustomResourceDefinitions, a file or a directory"},
    {"kubernetes-version", 0, CLI_ALL, TEXT, AT(kubernetes_version), "V", NULL, NULL,
     "which CEL libraries and formats exist (1.34)"},
    {"namespace", 0, READERS, TEXT, AT(namespace_), "NS", NULL, NULL,
     "for objects without one (default)"},
    {"stored", 0, READERS, FLAG, AT(stored), NULL, NULL, NULL,
     "the objects come from an API server: evaluate no rule"},
    {"skip", 0, READERS, PARSED, 0, "KIND[.GROUP],...", NULL, cli_parse_skip,
     "pass over these kinds"},
    {"exclude", 0, READERS, LIST, AT(exclude), "GLOB", NULL, NULL,
     "pass over files whose path or name matches"},
    {"unknown-fields", 0, READERS, CHOICE, AT(unknown_fields), "error|warn|ignore",
     unknown_fields, NULL, "how to take a field no schema has (error)"},
    {"unknown-kinds", 0, READERS, CHOICE, AT(unknown_kinds), "error|skip", unknown_kinds, NULL,
     "how to take a kind no schema has (skip)"},
    {"allow-empty", 0, READERS, FLAG, AT(allow_empty), NULL, NULL, NULL,
     "no document at all is fine"},
    {"old", 0, CLI_VALIDATE, LIST, AT(old), "PATH", NULL, NULL,
     "the earlier objects, for rules about updates"},
    {"minimal", 0, CLI_NORMALIZE, FLAG, AT(minimal), NULL, NULL, NULL,
     "without what equals a default"},
    {"controller", 0, CLI_RESOLVERS, TEXT, AT(controller), "NAME", NULL, NULL,
     "ours are the GatewayClasses with this controllerName"},
    {"default-mesh", 0, CLI_RESOLVERS, TEXT, AT(default_mesh), "NAME", NULL, NULL,
     "we are a mesh whose XMesh is called NAME"},
    {"assume", 0, CLI_RESOLVERS, PARSED, 0, "KIND,...", NULL, cli_parse_assume,
     "missing objects of these kinds count as present"},
    {"usable-address", 0, CLI_RESOLVERS, LIST, AT(usable_addresses), "ADDRESS", NULL, NULL,
     "an address that a Gateway may ask for (all)"},
    {"features", 0, CLI_RESOLVERS, PARSED, 0, "NAME,...|none", NULL, cli_parse_features,
     "what the data plane can do (all we can express)"},
    {"extension", 0, CLI_RESOLVERS, PARSED, 0, "ROLE=KIND.GROUP", NULL, cli_parse_extension,
     "a kind of the host's: backend, filter, parameters, target"},
    {"now", 0, CLI_RESOLVERS, PARSED, 0, "RFC3339", NULL, cli_parse_now,
     "the time for transitions and certificates"},
    {"compare", 0, CLI_STATUS, FLAG, AT(compare), NULL, NULL, NULL,
     "show where the status in the input differs; exit 1 if it does"},
    {"tests", 0, CLI_TEST, LIST, AT(tests), "PATH", NULL, NULL,
     "a test file, or a directory of them (repeatable)"},
    {"path-policy", 0, CLI_MATCH | CLI_TEST, CHOICE, AT(path_policy), "raw|reject|normalize",
     path_policies, NULL, "how to take unusual paths (raw)"},
    {"host", 0, CLI_MATCH, TEXT, AT(host), "HOST", NULL, NULL, "the Host header"},
    {"method", 'X', CLI_MATCH, TEXT, AT(method), "METHOD", NULL, NULL, "the method (GET)"},
    {"header", 'H', CLI_MATCH, LIST, AT(headers), "'NAME: VALUE'", NULL, NULL,
     "a request header"},
    {"port", 0, CLI_MATCH, PARSED, 0, "PORT", NULL, cli_parse_port,
     "the listener's port (the URL's, or its scheme's)"},
    {"sni", 0, CLI_MATCH, TEXT, AT(sni), "NAME", NULL, NULL, "the TLS server name (the host)"},
    {"address", 0, CLI_MATCH, TEXT, AT(address), "ADDRESS", NULL, NULL,
     "the Gateways with this address"},
    {"gateway", 0, CLI_MATCH | CLI_COMPILE | CLI_TLS, LIST, AT(gateways), "NS/NAME", NULL, NULL,
     "this Gateway (all of ours)"},
    {"random", 0, CLI_MATCH, PARSED, 0, "R", NULL, cli_parse_random,
     "draw the backend and the mirrors: 0 to 2^53 - 1"},
    {"requests", 0, CLI_MATCH, TEXT, AT(requests), "FILE|-", NULL, NULL,
     "many requests, one JSON object a line"},
    {"snapshot", 0, CLI_MATCH, TEXT, AT(snapshot), "FILE", NULL, NULL,
     "a compiled image in place of manifests"},
    {"connect", 0, CLI_TLS, TEXT, AT(connect), "HOST:PORT", NULL, NULL,
     "make a handshake with this server under the backend's policy"},
    {"explain", 0, CLI_MATCH, FLAG, AT(explain), NULL, NULL, NULL,
     "tell which rules were considered and why each won or lost"},
    {"image", 'o', CLI_COMPILE, TEXT, AT(image), "FILE", NULL, NULL,
     "where the image goes; '-' is standard output"},
    {"with-keys", 0, CLI_COMPILE, FLAG, AT(with_keys), NULL, NULL, NULL,
     "private keys too; only the owner may read the file"},
    {"output", 0, OUTPUTS, PARSED, 0, "FORMAT[=FILE]", NULL, cli_parse_output,
     "what to print, and where (repeatable)"},
    {"color", 0, CLI_ALL, CHOICE, AT(colour), "auto|always|never", colours, NULL,
     "colours for people (auto)"},
    {"quiet", 'q', CLI_ALL, FLAG, AT(quiet), NULL, NULL, NULL, "no progress, notes or summary"},
    {"fail-on", 0, CLI_ALL, CHOICE, AT(fail_on), "error|warning", severities, NULL,
     "what counts as a finding for the exit status (error)"},
    {"exit-zero", 0, CLI_ALL, FLAG, AT(exit_zero), NULL, NULL, NULL,
     "findings do not change the exit status"},
    {"help", 'h', CLI_ALL, FLAG, 0, NULL, NULL, NULL, "this text"},
};

enum { OPTIONS = sizeof table / sizeof *table, HELP_COLUMN = 32 };

/* ---- finding ---- */

static const option *find_name(const char *name, size_t len)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (strlen(table[i].name) == len && memcmp(table[i].name, name, len) == 0)
            return &table[i];
    return NULL;
}

static const option *find_letter(char letter)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (table[i].letter == letter)
            return &table[i];
    return NULL;
}

/* How many characters one must change, capped: for "did you mean". */
static size_t distance(const char *a, const char *b, size_t most)
{
    if (*a == '\0' || *b == '\0')
        return strlen(a) + strlen(b);
    if (*a == *b)
        return distance(a + 1, b + 1, most);
    if (most == 0)
        return 1;
    size_t best = distance(a + 1, b + 1, most - 1);
    size_t left = distance(a + 1, b, most - 1), right = distance(a, b + 1, most - 1);
    best = left < best ? left : best;
    return 1 + (right < best ? right : best);
}

static void complain_unknown(const cli_command *command, const char *name)
{
    const option *nearest = NULL;
    size_t least = 3;

    for (size_t i = 0; i < OPTIONS; i++) {
        size_t far = (table[i].commands & command->bit) != 0 && table[i].kind != LATER
                         ? distance(name, table[i].name, 2)
                         : least;
        if (far < least) {
            least = far;
            nearest = &table[i];
        }
    }
    if (nearest != NULL)
        cli_complain("%s: unknown option --%s; did you mean --%s?", command->name, name,
                     nearest->name);
    else
        cli_complain("%s: unknown option --%s; see 'gatewayapi %s --help'", command->name, name,
                     command->name);
}

static bool is_usable(const cli_command *command, const option *o)
{
    if (o->kind == LATER && (o->commands & command->bit) != 0) {
        cli_complain("%s: --%s is not available in this version", command->name, o->name);
        return false;
    }
    if ((o->commands & command->bit) == 0) {
        cli_complain("%s: --%s is not an option of this command", command->name, o->name);
        return false;
    }
    return true;
}

/* ---- taking ---- */

static bool take_choice(uint32_t *at, const option *o, const char *value)
{
    for (const choice *c = o->choices; c->word != NULL; c++)
        if (strcmp(c->word, value) == 0) {
            *at = c->value;
            return true;
        }
    cli_complain("--%s takes %s, not '%s'", o->name, o->argument, value);
    return false;
}

/* `value` is NULL for an option without argument. */
static bool take(cli_options *options, const option *o, const char *value)
{
    char *at = (char *)options + o->offset;

    switch (o->kind) {
    case FLAG:
        *(bool *)(void *)at = true;
        return true;
    case TEXT:
        *(const char **)(void *)at = value;
        return true;
    case LIST:
        cli_list_add((cli_list *)(void *)at, cli_format("%s", value));
        return true;
    case CHOICE:
        return take_choice((uint32_t *)(void *)at, o, value);
    case PARSED:
        return o->parse(options, value);
    case LATER:
        break;
    }
    return false;
}

/* An option's value: after the '=', or the next argument. */
static bool find_value(const option *o, const char *inner, int argc, char **argv, int *i,
                       const char **value)
{
    *value = inner;
    if (o->argument == NULL && inner != NULL) {
        cli_complain("--%s takes no value", o->name);
        return false;
    }
    if (o->argument == NULL || inner != NULL)
        return true;
    if (*i + 1 >= argc) {
        cli_complain("--%s needs a value: %s", o->name, o->argument);
        return false;
    }
    *value = argv[++*i];
    return true;
}

/* Reads the option at argv[*i]. NULL after a message. */
static const option *parse_name(const cli_command *command, const char *argument,
                                const char **inner)
{
    const char *name = argument + 1, *equals = strchr(argument, '=');
    const option *o;

    if (*name != '-') {
        o = find_letter(*name);
        *inner = name[1] != '\0' ? name + 1 : NULL;
        if (o == NULL)
            cli_complain("%s: unknown option -%c; see 'gatewayapi %s --help'", command->name,
                         *name, command->name);
        return o;
    }
    name++;
    *inner = equals != NULL ? equals + 1 : NULL;
    o = find_name(name, equals != NULL ? (size_t)(equals - name) : strlen(name));
    if (o == NULL) {
        char *shown = cli_format("%.*s", (int)strcspn(name, "="), name);
        complain_unknown(command, shown);
        free(shown);
    }
    return o;
}

static bool parse_option(cli_options *options, int argc, char **argv, int *i, bool *help)
{
    const char *inner, *value;
    const option *o = parse_name(options->command, argv[*i], &inner);

    if (o == NULL || !is_usable(options->command, o) ||
        !find_value(o, inner, argc, argv, i, &value))
        return false;
    if (strcmp(o->name, "help") == 0) {
        *help = true;
        return true;
    }
    return take(options, o, value);
}

/* Without --output: the command's first format. */
static void fill_destination(cli_options *options)
{
    const char *formats = options->command->formats;
    char *first;

    if (formats == NULL || options->destination_count != 0)
        return;
    first = cli_format("%.*s", (int)strcspn(formats, "|"), formats);
    cli_parse_output(options, first);
    free(first);
}

static bool is_role(const char *word)
{
    return word != NULL && (strcmp(word, "backend") == 0 || strcmp(word, "listener") == 0);
}

/* What one option alone cannot tell. */
static bool is_whole(const cli_options *options)
{
    bool one = options->host != NULL || options->method != NULL || options->port_given ||
               options->sni != NULL || options->address != NULL || options->random_given ||
               options->headers.count != 0;
    bool many = options->requests != NULL;
    bool matches = options->command->bit == CLI_MATCH;
    bool compiles = options->command->bit == CLI_COMPILE;
    bool man = false;
    bool explains = options->command->bit == CLI_EXPLAIN;
    bool tls = options->command->bit == CLI_TLS;
    bool yaml = false;
    size_t urls = options->urls.count;
    bool twice = many && options->snapshot != NULL && strcmp(options->requests, "-") == 0 &&
                 strcmp(options->snapshot, "-") == 0;

    for (size_t i = 0; many && i < options->paths.count; i++)
        twice = twice || (strcmp(options->requests, "-") == 0 &&
                          strcmp(options->paths.items[i], "-") == 0);
    for (size_t i = 0; options->object != NULL && i < options->destination_count; i++)
        man = man || options->destinations[i].form == CLI_FORM_MAN;
    for (size_t i = 0; options->compare && i < options->destination_count; i++)
        yaml = yaml || options->destinations[i].form == CLI_FORM_YAML;
    const struct {
        bool wrong;
        const char *message;
    } rules[] = {
        {tls && !is_role(options->role),
         "say what is asked: backend NAMESPACE/SERVICE[:PORT] or listener NAMESPACE/GATEWAY[:PORT]"},
        {tls && options->object == NULL, "the name of the Service or Gateway is missing"},
        {options->connect != NULL && options->role != NULL &&
             strcmp(options->role, "backend") != 0,
         "--connect is for backends"},
        {options->paths.count == 0 && options->snapshot == NULL &&
             (!explains || options->object != NULL),
         "no PATH was given; '-' reads standard input"},
        {options->paths.count != 0 && options->snapshot != NULL,
         "--snapshot takes the place of manifests; give one or the other"},
        {options->default_mesh != NULL && options->controller == NULL,
         "--default-mesh needs --controller"},
        {twice, "standard input cannot be both the requests and what answers them"},
        {many && (one || urls != 0 || options->gateways.count != 0),
         "the lines of --requests say what is asked; no other request can be given"},
        {matches && !many && urls > 1, "one URL at a time; --requests takes many"},
        {(matches || tls) && options->gateways.count > 1, "one --gateway at a time"},
        {matches && !many && urls == 0 && !options->port_given,
         "no request was given: a URL, --port, or --requests"},
        {options->command->bit == CLI_TEST && options->tests.count == 0,
         "no test file was given: --tests PATH"},
        {man, "the manual page is of rules, not of an object"},
        {yaml, "--compare has the formats human and json"},
        {compiles && options->image == NULL,
         "-o FILE is missing; it says where the image goes"},
    };

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].wrong) {
            cli_complain("%s: %s", options->command->name, rules[i].message);
            return false;
        }
    return true;
}

static void take_argument(cli_options *options, const char *argument)
{
    bool url = options->command->bit == CLI_MATCH && cli_is_url(argument);

    if (options->command->bit == CLI_TLS && (options->role == NULL || options->object == NULL)) {
        *(options->role == NULL ? &options->role : &options->object) = argument;
        return;
    }
    if (options->command->bit == CLI_EXPLAIN && options->paths.count == 0 &&
        options->object == NULL && cli_is_object(argument)) {
        options->object = argument;
        return;
    }
    cli_list_add(url ? &options->urls : &options->paths, cli_format("%s", argument));
}

bool cli_options_parse(cli_options *options, const cli_command *command, int argc, char **argv,
                       int *status)
{
    bool only_paths = false, help = false;

    *options = (cli_options){
        .command = command, .channel = GWAPI_CHANNEL_STANDARD, .fail_on = GWAPI_SEVERITY_ERROR};
    *status = CLI_USAGE;
    for (int i = 0; i < argc && !help; i++) {
        if (only_paths || argv[i][0] != '-' || argv[i][1] == '\0')
            take_argument(options, argv[i]);
        else if (strcmp(argv[i], "--") == 0)
            only_paths = true;
        else if (!parse_option(options, argc, argv, &i, &help))
            return false;
    }
    if (help) {
        cli_options_help(command, stdout);
        *status = CLI_FINE;
        return false;
    }
    fill_destination(options);
    return is_whole(options);
}

void cli_options_free(cli_options *options)
{
    cli_list *const lists[] = {&options->paths,
                               &options->urls,
                               &options->crds,
                               &options->skip,
                               &options->exclude,
                               &options->old,
                               &options->usable_addresses,
                               &options->features,
                               &options->headers,
                               &options->gateways,
                               &options->tests};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        cli_list_free(lists[i], true);
    free(options->extensions);
}

/* ---- help ---- */

void cli_options_help(const cli_command *command, FILE *out)
{
    fprintf(out, "Usage: gatewayapi %s %s\n\n%s\n\nOptions:\n", command->name, command->usage,
            command->about);
    for (size_t i = 0; i < OPTIONS; i++) {
        const option *o = &table[i];
        char *left;
        if ((o->commands & command->bit) == 0 || o->kind == LATER)
            continue;
        left = o->letter != 0
                   ? cli_format("-%c, --%s%s%s", o->letter, o->name, o->argument ? " " : "",
                                o->argument ? o->argument : "")
                   : cli_format("    --%s%s%s", o->name, o->argument ? " " : "",
                                o->argument ? o->argument : "");
        if (strlen(left) > HELP_COLUMN)
            fprintf(out, "  %s\n%*s%s\n", left, HELP_COLUMN + 4, "", o->help);
        else
            fprintf(out, "  %-*s  %s\n", HELP_COLUMN, left, o->help);
        free(left);
    }
    if (command->formats != NULL)
        fprintf(out, "\nFormats: %s\n", command->formats);
    fputs("\nExit status: 0 fine, 1 findings, 2 usage or I/O, 3 internal error or a limit.\n",
          out);
}
