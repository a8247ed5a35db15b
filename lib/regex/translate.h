/* The tree as a PCRE2 pattern of the same meaning. */
#ifndef GWAPI_REGEX_TRANSLATE_H
#define GWAPI_REGEX_TRANSLATE_H

#include "base/text.h"
#include "regex/tree.h"

/*
 * Writes the pattern for PCRE2_UTF | PCRE2_DOTALL | PCRE2_ALT_CIRCUMFLEX and newline LF. Nothing
 * is left to PCRE2's own notion of case, classes, `$` or groups: sets are written out, `$` is \z,
 * no group captures. `full` asks for the whole text, else the match is looked for from the
 * begin, so that one match limit counts for the whole text. False if it gets too long to be
 * worth it.
 */
bool gwapi__translate(gwapi__text *out, const gwapi__regex_node *root, bool full, bool anchored);

#endif
