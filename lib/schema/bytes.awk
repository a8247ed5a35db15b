# Bytes of text as C arrays, for embed.awk and documents.awk (-f this file first). Input must be
# UTF-8, read with LC_ALL=C. A text is static const unsigned char text_N[], N being `texts`;
# size[N] are its bytes.

BEGIN {
    for (i = 1; i < 256; i++)
        code[sprintf("%c", i)] = i
    texts = open_text = 0
}

function start_text() {
    end_text()
    printf "static const unsigned char text_%d[] = {\n", ++texts
    open_text = 1
    size[texts] = 0
}

function end_text() {
    if (open_text)
        print "0};\n"
    open_text = 0
}

function put_line(line,    i, n) {
    n = length(line)
    for (i = 1; i <= n; i++)
        printf "%d,", code[substr(line, i, 1)]
    print "10,"
    size[texts] += n + 1
}
