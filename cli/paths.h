/* What files a command reads: named ones, and the manifests in named directories. */
#ifndef CLI_PATHS_H
#define CLI_PATHS_H

#include "memory.h"

typedef struct cli_files {
    cli_list names; /* in the order of reading; "-" is standard input */
    size_t excluded;
} cli_files;

/* Finds the files of `paths`: a directory stands for its *.yaml, *.yml and *.json, recursively,
 * in byte order of their paths. Returns CLI_FINE, or CLI_USAGE after messages about what could
 * not be read; the others are there all the same. */
int cli_files_find(cli_files *files, const cli_list *paths, const cli_list *exclude);
void cli_files_free(cli_files *files);

#endif
