/*
 * Images: whatever the bytes are, opening refuses them or what they say can be asked for. Once
 * as they are, once with length and checksum made right, which most changes would stop at.
 *
 * The corpus is what `gatewayapi compile -o FILE` makes of cases of tests/data/match: with another
 * format of images `tests/image/corpus.sh --renew` makes it anew. tests/match/mutate changes images
 * in ways that most survive opening.
 */
#include <stdio.h>

#include "support/use_image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void open_and_use(const unsigned char *bytes, size_t size)
{
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    gwapi_snapshot *snapshot;

    options.flags = GWAPI_OPEN_NO_JIT;
    gwapi_result result = gwapi_snapshot_open(&snapshot, bytes, size, &options, NULL);
    if ((result == GWAPI_OK) != (snapshot != NULL)) {
        fprintf(stderr, "does not hold: a snapshot with GWAPI_OK, and only then\n");
        abort();
    }
    if (snapshot != NULL)
        use_image(snapshot, 256);
    gwapi_snapshot_release(snapshot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char *mended = calloc(size + 1, 1);

    if (mended == NULL)
        return 0;
    if (size != 0)
        memcpy(mended, data, size);
    open_and_use(mended, size);
    use_mend(mended, size);
    open_and_use(mended, size);
    free(mended);
    return 0;
}
