#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"
#include "terminal.h"

/* One byte more than the library's own bound, so that the library tells that it is reached. */
static const size_t most_bytes = ((size_t)64 << 20) + 1;

void cli_io_prepare(void)
{
    static const int modes[] = {O_WRONLY, O_RDONLY, O_WRONLY};

    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF && open("/dev/null", modes[fd]) != fd)
            _exit(2);
    signal(SIGPIPE, SIG_IGN);
}

void cli_complain(const char *format, ...)
{
    va_list args;
    char text[4096], *shown;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    shown = cli_clean(cli_str(text));
    fprintf(stderr, "gatewayapi: %s\n", shown);
    free(shown);
}

/* ---- in ---- */

static bool read_all(int fd, cli_bytes *out)
{
    size_t capacity = 0;
    struct stat about;

    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0)
        capacity = (size_t)about.st_size < most_bytes ? (size_t)about.st_size + 1 : most_bytes;
    if (capacity != 0)
        out->data = cli_grow(NULL, capacity, 1);
    while (out->len < most_bytes) {
        ssize_t got;
        if (out->len == capacity) {
            capacity = capacity != 0 ? capacity * 2 : 1 << 16;
            out->data = cli_grow(out->data, capacity, 1);
        }
        got = read(fd, out->data + out->len, capacity - out->len);
        if (got == 0)
            return true;
        if (got > 0)
            out->len += (size_t)got;
        else if (errno != EINTR)
            return false;
    }
    return true;
}

bool cli_read(const char *path, cli_bytes *out)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), error;
    bool fine;

    *out = (cli_bytes){NULL, 0};
    if (fd < 0)
        return false;
    fine = read_all(fd, out);
    error = errno;
    if (!standard)
        close(fd);
    if (!fine) {
        free(out->data);
        *out = (cli_bytes){NULL, 0};
    }
    errno = error;
    return fine;
}

static int collect(void *ctx, const char *data, size_t len)
{
    cli_bytes *bytes = ctx;

    bytes->data = cli_grow(bytes->data, bytes->len + len + 1, 1);
    memcpy(bytes->data + bytes->len, data, len);
    bytes->len += len;
    return 0;
}

gwapi_sink cli_bytes_sink(cli_bytes *bytes)
{
    return (gwapi_sink){sizeof(gwapi_sink), bytes, collect};
}

/* ---- out ---- */

static bool fail(cli_output *out)
{
    cli_complain("%s: %s", out->name, strerror(errno));
    free(out->target);
    free(out->temporary);
    *out = (cli_output){0};
    return false;
}

/* Pipes and devices are written as they are; only a regular file can be replaced. */
static bool is_replaceable(const char *path)
{
    struct stat about;

    return stat(path, &about) != 0 || S_ISREG(about.st_mode);
}

static bool open_temporary(cli_output *out, const char *path, bool secret)
{
    struct stat about;
    char *real = realpath(path, NULL);
    mode_t mask = umask(0), mode;
    int fd;

    umask(mask);
    mode = stat(path, &about) == 0 ? about.st_mode & 0777 : 0666 & ~mask;
    out->target = cli_format("%s", real != NULL ? real : path);
    free(real);
    out->temporary = cli_format("%s.XXXXXX", out->target);
    fd = mkstemp(out->temporary);
    if (fd < 0)
        return fail(out);
    if (fchmod(fd, secret ? 0600 : mode) != 0 || (out->file = fdopen(fd, "wb")) == NULL) {
        int error = errno;
        close(fd);
        unlink(out->temporary);
        errno = error;
        return fail(out);
    }
    return true;
}

bool cli_output_open(cli_output *out, const char *path, bool secret)
{
    *out = (cli_output){.file = stdout, .name = "standard output"};
    if (path == NULL || strcmp(path, "-") == 0)
        return true;
    out->name = path;
    if (is_replaceable(path))
        return open_temporary(out, path, secret);
    out->file = fopen(path, "wb");
    return out->file != NULL || fail(out);
}

/* Flushes and closes; 0 or what went wrong first. What an earlier write could not do, the
 * flush tries again and fails the same way. */
static int finish(cli_output *out)
{
    int error = out->error;

    if (fflush(out->file) != 0 && error == 0)
        error = errno;
    if (ferror(out->file) != 0 && error == 0)
        error = EIO;

    if (out->temporary != NULL && error == 0 && fsync(fileno(out->file)) != 0)
        error = errno;
    if (out->file != stdout && fclose(out->file) != 0 && error == 0)
        error = errno;
    return error;
}

bool cli_output_close(cli_output *out, bool keep)
{
    int error;

    if (out->file == NULL)
        return false;
    error = finish(out);
    if (out->temporary != NULL) {
        if (error == 0 && keep && rename(out->temporary, out->target) != 0)
            error = errno;
        if (error != 0 || !keep)
            unlink(out->temporary);
    }
    if (error != 0)
        cli_complain("%s: %s", out->name, strerror(error));
    free(out->target);
    free(out->temporary);
    *out = (cli_output){0};
    return error == 0;
}

static int write_sink(void *ctx, const char *data, size_t len)
{
    cli_output *out = ctx;

    if (fwrite(data, 1, len, out->file) == len)
        return 0;
    out->error = errno;
    return -1;
}

gwapi_sink cli_output_sink(cli_output *out)
{
    return (gwapi_sink){sizeof(gwapi_sink), out, write_sink};
}
