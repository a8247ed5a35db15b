/* Options whose values are more than a word: each reads one value, false after a message. */
#ifndef CLI_OPTIONS_VALUE_H
#define CLI_OPTIONS_VALUE_H

#include "options.h"

bool cli_parse_skip(cli_options *options, const char *value);
bool cli_parse_assume(cli_options *options, const char *value);
bool cli_parse_features(cli_options *options, const char *value);
bool cli_parse_extension(cli_options *options, const char *value);
bool cli_parse_now(cli_options *options, const char *value);
bool cli_parse_port(cli_options *options, const char *value);
bool cli_parse_random(cli_options *options, const char *value);
bool cli_parse_output(cli_options *options, const char *value);

/* "NAMESPACE/NAME" of --gateway; borrows `value`. */
bool cli_parse_gateway(const char *value, gwapi_object_ref *ref);

#endif
