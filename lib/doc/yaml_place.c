#include "doc/yaml_place.h"

#include "base/slice.h"
#include "base/utf8.h"

void gwapi__yaml_input_init(gwapi__yaml_input *input, const gwapi__chunk *chunk)
{
    *input = (gwapi__yaml_input){.text = chunk->text, .line = chunk->line, .column = 1};
}

/* A carriage return that belongs to the line feed behind it. */
static bool is_crlf(gwapi_str text, size_t i)
{
    return text.data[i] == '\r' && i + 1 < text.len && text.data[i + 1] == '\n';
}

size_t gwapi__yaml_feed(gwapi__yaml_input *input, unsigned char *buffer, size_t size)
{
    gwapi_str text = input->text;
    size_t n = 0;

    while (n < size && input->fed < text.len) {
        size_t i = input->fed++;
        if (!is_crlf(text, i))
            buffer[n++] = (unsigned char)text.data[i];
    }
    if (n < size && !input->ended) {
        input->ended = true;
        if (text.len == 0 || text.data[text.len - 1] != '\n')
            buffer[n++] = '\n';
    }
    return n;
}

static void step_forward(gwapi__yaml_input *input)
{
    gwapi_str rest = gwapi__str_sub(input->text, input->at, input->text.len);
    uint32_t rune;
    size_t step = 1;

    if (is_crlf(input->text, input->at)) {
        input->at++;
        input->column++;
        return;
    }
    if (rest.data[0] == '\n') {
        input->line++;
        input->column = 1;
    } else {
        gwapi__utf8_step(rest, &rune, &step);
        input->column++;
    }
    input->at += step;
    input->index++;
}

/* Marks hardly ever go back, and then by little: to the start of the line, and on from there. */
static void step_back(gwapi__yaml_input *input, size_t index)
{
    gwapi_str text = input->text;

    while (input->at > 0 && (input->index > index || text.data[input->at - 1] != '\n')) {
        unsigned char c = (unsigned char)text.data[--input->at];
        if (c == '\n')
            input->line--;
        if ((c & 0xc0) != 0x80 && !is_crlf(text, input->at))
            input->index--;
    }
    input->column = 1;
}

gwapi__place gwapi__yaml_locate(gwapi__yaml_input *input, size_t index)
{
    if (index < input->index)
        step_back(input, index);
    while (input->index < index && input->at < input->text.len)
        step_forward(input);
    return (gwapi__place){input->line, input->column};
}
