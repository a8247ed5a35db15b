/* Text as XML takes it. */
#ifndef CLI_XML_H
#define CLI_XML_H

#include <stdio.h>

/* Cleaned text for an element or an attribute: U+FFFE and U+FFFF, which XML does not have, are
 * left out; control characters are escaped already. */
void cli_xml_put(FILE *out, const char *text, size_t len);
/* ` name="text"` */
void cli_xml_put_attribute(FILE *out, const char *name, const char *text);

#endif
