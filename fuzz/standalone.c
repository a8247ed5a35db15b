/*
 * Runs a fuzz target without an engine: over the files and folders that are named, or over
 * fuzz/corpus/<target> without any, which is how `make check` replays what was once found.
 * -runs=N then tries N random changes of those inputs (-seed=S: others); the input at work is
 * kept in <target>.crash while it runs, so that a crash leaves it there.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct input {
    uint8_t *data;
    size_t size;
} input;

static input *inputs;
static size_t input_count;

static void fail(const char *what, const char *path)
{
    fprintf(stderr, "%s: %s\n", path, what);
    exit(1);
}

static void *grown(void *ptr, size_t size)
{
    void *block = realloc(ptr, size != 0 ? size : 1);

    if (block == NULL)
        fail("no memory", "fuzz");
    return block;
}

/* Exactly as large as the input, so that a sanitizer sees a read behind it. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = grown(NULL, size);

    if (size != 0)
        memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void add_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    input in = {grown(NULL, size), 0};

    if (file == NULL)
        fail("can't be opened", path);
    in.size = fread(in.data, 1, size, file);
    fclose(file);
    inputs = grown(inputs, (input_count + 1) * sizeof *inputs);
    inputs[input_count++] = in;
    run(in.data, in.size);
}

static void add(const char *path)
{
    struct stat info;

    if (stat(path, &info) != 0)
        fail("does not exist", path);
    if (!S_ISDIR(info.st_mode)) {
        add_file(path, (size_t)info.st_size);
        return;
    }
    DIR *folder = opendir(path);
    if (folder == NULL)
        fail("can't be listed", path);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        size_t size = strlen(path) + strlen(entry->d_name) + 2;
        char *inner = grown(NULL, size);
        snprintf(inner, size, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.')
            add(inner);
        free(inner);
    }
    closedir(folder);
}

/* ---- random changes ------------------------------------------------------------------ */

static uint64_t state;

static size_t below(size_t bound)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return bound != 0 ? (size_t)(state >> 33) % bound : 0;
}

/* Puts `size` bytes in place of `cut` at `at`. */
static void splice(input *in, size_t at, size_t cut, const uint8_t *data, size_t size)
{
    input out = {grown(NULL, in->size - cut + size), in->size - cut + size};

    memcpy(out.data, in->data, at);
    if (size != 0)
        memcpy(out.data + at, data, size);
    memcpy(out.data + at + size, in->data + at + cut, in->size - at - cut);
    free(in->data);
    *in = out;
}

static void change(input *in)
{
    const input *other = &inputs[below(input_count)];
    size_t at = below(in->size + 1), left = in->size - at;
    size_t from = below(other->size),
           span = below(other->size - from < 32 ? other->size - from + 1 : 32);
    uint8_t byte = (uint8_t)below(256);

    switch (below(5)) {
    case 0: /* a byte */
        splice(in, at, left != 0, &byte, 1);
        break;
    case 1: /* a bit */
        if (left != 0)
            in->data[at] ^= (uint8_t)(1u << below(8));
        break;
    case 2: /* less */
        splice(in, at, below((left < 16 ? left : 16) + 1), NULL, 0);
        break;
    case 3: /* something of another input */
        splice(in, at, 0, other->data + from, span);
        break;
    default: /* that in place of what is there */
        splice(in, at, span < left ? span : left, other->data + from, span);
    }
}

static void keep(const char *path, const input *in)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL || fwrite(in->data, 1, in->size, file) != in->size || fclose(file) != 0)
        fail("can't be written", path);
}

static void run_changed(const char *target, unsigned long runs)
{
    char path[256];

    snprintf(path, sizeof path, "%s.crash", target);
    for (unsigned long i = 0; i < runs && input_count != 0; i++) {
        const input *seed = &inputs[below(input_count)];
        input in = {grown(NULL, seed->size), seed->size};
        memcpy(in.data, seed->data, seed->size);
        for (size_t n = 1 + below(4); n > 0; n--)
            change(&in);
        keep(path, &in);
        run(in.data, in.size);
        free(in.data);
    }
    remove(path);
}

/* The name of the program, without what libtool puts before it. */
static const char *target_name(const char *program)
{
    const char *slash = strrchr(program, '/');
    const char *name = slash != NULL ? slash + 1 : program;

    return strncmp(name, "lt-", 3) == 0 ? name + 3 : name;
}

static void add_corpus(const char *target)
{
    const char *top = getenv("top_srcdir");
    char path[1024];

    snprintf(path, sizeof path, "%s/fuzz/corpus/%s", top != NULL ? top : ".", target);
    add(path);
}

int main(int argc, char **argv)
{
    const char *target = target_name(argv[0]);
    unsigned long runs = 0;
    int named = 0;

    state = 1;
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "-runs=", 6) == 0)
            runs = strtoul(argv[i] + 6, NULL, 10);
        else if (strncmp(argv[i], "-seed=", 6) == 0)
            state = strtoull(argv[i] + 6, NULL, 10);
        else {
            add(argv[i]);
            named++;
        }
    }
    if (named == 0)
        add_corpus(target);
    if (runs != 0)
        run_changed(target, runs);
    printf("%s: %zu inputs, %lu runs\n", target, input_count, runs);
    for (size_t i = 0; i < input_count; i++)
        free(inputs[i].data);
    free(inputs);
    return 0;
}
