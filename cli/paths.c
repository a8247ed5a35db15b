#include "paths.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "io.h"

static bool is_excluded(const char *path, const cli_list *exclude)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;

    for (size_t i = 0; i < exclude->count; i++)
        if (fnmatch(exclude->items[i], path, 0) == 0 ||
            fnmatch(exclude->items[i], name, 0) == 0)
            return true;
    return false;
}

static bool is_manifest(const char *name)
{
    static const char *const endings[] = {".yaml", ".yml", ".json"};
    size_t len = strlen(name);

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t end = strlen(endings[i]);
        if (len > end && strcmp(name + len - end, endings[i]) == 0)
            return true;
    }
    return false;
}

static int complain(const char *path)
{
    cli_complain("%s: %s", path, strerror(errno));
    return CLI_USAGE;
}

static int walk(cli_files *files, const char *directory, const cli_list *exclude);

/* One entry of a directory. Links to files count, links to directories do not: they may lead
 * back. */
static int visit(cli_files *files, const char *directory, const char *name,
                 const cli_list *exclude)
{
    size_t len = strlen(directory);
    char *path =
        cli_format("%s%s%s", directory, len != 0 && directory[len - 1] == '/' ? "" : "/", name);
    struct stat about;
    int status = CLI_FINE;

    if (lstat(path, &about) != 0) {
        status = complain(path);
    } else if (S_ISDIR(about.st_mode)) {
        if (is_excluded(path, exclude))
            files->excluded++;
        else
            status = walk(files, path, exclude);
    } else if (is_manifest(name)) {
        if (is_excluded(path, exclude)) {
            files->excluded++;
        } else if (!S_ISLNK(about.st_mode) || stat(path, &about) != 0 ||
                   !S_ISDIR(about.st_mode)) {
            cli_list_add(&files->names, path);
            return status;
        }
    }
    free(path);
    return status;
}

static int walk(cli_files *files, const char *directory, const cli_list *exclude)
{
    DIR *dir = opendir(directory);
    const struct dirent *entry;
    int status = CLI_FINE;

    if (dir == NULL)
        return complain(directory);
    while ((errno = 0, entry = readdir(dir)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            status = cli_worse(status, visit(files, directory, entry->d_name, exclude));
    if (errno != 0)
        status = complain(directory);
    closedir(dir);
    return status;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int cli_files_find(cli_files *files, const cli_list *paths, const cli_list *exclude)
{
    int status = CLI_FINE;

    *files = (cli_files){0};
    for (size_t i = 0; i < paths->count; i++) {
        const char *path = paths->items[i];
        size_t first = files->names.count;
        struct stat about;
        if (strcmp(path, "-") != 0 && is_excluded(path, exclude)) {
            files->excluded++;
        } else if (strcmp(path, "-") == 0 || stat(path, &about) != 0 ||
                   !S_ISDIR(about.st_mode)) {
            cli_list_add(&files->names, cli_format("%s", path));
        } else {
            status = cli_worse(status, walk(files, path, exclude));
            if (files->names.count > first)
                qsort(files->names.items + first, files->names.count - first,
                      sizeof *files->names.items, compare);
        }
    }
    return status;
}

void cli_files_free(cli_files *files)
{
    cli_list_free(&files->names, true);
}
