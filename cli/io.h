/* Bytes in and out: files, standard streams, closed pipes, files replaced as a whole. */
#ifndef CLI_IO_H
#define CLI_IO_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>
#include <gatewayapi/base.h>

/* Makes the standard streams safe to use: closed ones get something that refuses, so that no
 * other file takes their place, and a reader that goes away is an error, not a signal. */
void cli_io_prepare(void);

/* A message on standard error, with the command's name before it. */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Bytes of a file. */
typedef struct cli_bytes {
    char *data; /* owned */
    size_t len;
} cli_bytes;

/* A sink that appends to them; `data` is to be freed. */
gwapi_sink cli_bytes_sink(cli_bytes *bytes);

/* Reads a whole file, "-" being standard input. False with errno. Of endless files no more than
 * the library would take is read. */
bool cli_read(const char *path, cli_bytes *out);

/* A place to write to. A named file appears, or is replaced, only when all of it is written. */
typedef struct cli_output {
    FILE *file;
    const char *name; /* for messages */
    char *target;     /* NULL: written in place */
    char *temporary;
    int error; /* of the first write that failed */
} cli_output;

/* `path` NULL or "-" is standard output. With `secret` only the owner may read the file. False
 * after a message. */
bool cli_output_open(cli_output *out, const char *path, bool secret);
/* Ends it: with `keep` the file takes its place, else it is thrown away. False after a message
 * when something could not be written. */
bool cli_output_close(cli_output *out, bool keep);
/* A sink into it; the output must stay where it is. */
gwapi_sink cli_output_sink(cli_output *out);

#endif
