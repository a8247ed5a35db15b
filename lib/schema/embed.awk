# Makes builtin.c from the schema files of one release, which must be UTF-8:
#
#   LC_ALL=C awk -v release=v1.4 -f bytes.awk -f embed.awk shared.yaml gateway.yaml …
#
# The head of a kind's file (kind, group, plural, scope, channel, versions) becomes a table, the
# rest goes in as bytes, without what only readers of the files need: comments, empty lines and
# descriptions. Each definition of shared.yaml becomes a text of its own, so that a kind costs
# only what it uses.

BEGIN {
    print "/* Made by lib/schema/embed.awk. */"
    print "#include \"schema/builtin.h\""
    print ""
    kinds = definitions = 0
}

function fail(message) {
    print FILENAME ":" FNR ": " message | "cat 1>&2"
    failed = 1
    exit 1
}

function quoted(s) {
    return "GWAPI_STR_INIT(\"" s "\")"
}

function indent_of(line) {
    match(line, /^ */)
    return RLENGTH
}

# Is the line one that the text needs? Follows block scalars, whose lines are all needed, and
# descriptions, which may go on in deeper lines.
function needed(line,    depth, key) {
    depth = indent_of(line)
    if (in_block) {
        if (line ~ /^ *$/ || depth > block_depth)
            return 1
        in_block = 0
    }
    if (in_description) {
        if (depth > description_depth && line !~ /^ *$/)
            return 0
        in_description = 0
    }
    if (line ~ /^ *(#.*)?$/)
        return 0
    key = line
    sub(/^ *(- +)*/, "", key)
    if (key ~ /^description: +[^ {]/ && line !~ /^ *- /) { # a property of that name is a map
        in_description = 1
        description_depth = depth
        return 0
    }
    if (line ~ /[:-] +[|>][-+0-9]*$/) {
        in_block = 1
        block_depth = depth
    }
    return 1
}

# One "{name: v1, served: true, …}".
function put_version(line,    n, i, parts, pair, value) {
    value["name"] = value["schema"] = value["channel"] = ""
    value["served"] = value["storage"] = value["deprecated"] = "false"
    gsub(/^- *\{|\} *$/, "", line)
    n = split(line, parts, /, */)
    for (i = 1; i <= n; i++) {
        if (split(parts[i], pair, /: */) != 2 || !(pair[1] in value))
            fail("cannot read a version")
        value[pair[1]] = pair[2]
    }
    versions[kinds] = versions[kinds] "    {" quoted(value["name"]) ", " \
        (value["schema"] != "" ? quoted(value["schema"]) : "{0, 0}") ", " value["served"] ", " \
        value["storage"] ", " value["deprecated"] ", " \
        (value["channel"] == "experimental" ? "true" : "false") "},\n"
    version_count[kinds]++
}

FNR == 1 {
    end_text()
    shared = FILENAME ~ /(^|\/)shared\.yaml$/
    in_block = in_description = in_head = 0
    if (!shared) {
        kinds++
        in_head = 1
    }
}

shared && /^definitions: *$/ {
    next
}

shared && /^[^ #]/ {
    fail("shared.yaml has only definitions")
}

shared && /^  [A-Za-z][A-Za-z0-9]*:/ {
    end_text()
    start_text()
    name = $1
    sub(/:.*/, "", name)
    definition_name[++definitions] = name
    definition_text[definitions] = texts
    in_block = in_description = 0
}

in_head && /^(kind|group|plural|scope|channel): / {
    head[kinds, substr($1, 1, length($1) - 1)] = $2
    next
}

in_head && /^versions: *$/ {
    next
}

in_head && /^- / {
    put_version($0)
    next
}

in_head && /^ *(#.*)?$/ {
    next
}

in_head {
    in_head = 0
    start_text()
    kind_text[kinds] = texts
}

needed($0) {
    if (!open_text)
        fail("a line outside of every definition")
    put_line($0)
}

END {
    if (failed)
        exit 1
    end_text()
    for (i = 1; i <= kinds; i++)
        printf "static const gwapi__builtin_version versions_%d[] = {\n%s};\n\n", i, versions[i]
    print "static const gwapi__builtin_kind kinds[] = {"
    for (i = 1; i <= kinds; i++) {
        t = kind_text[i]
        printf "    {%s,\n     %s,\n     %s,\n     %s, %s, versions_%d, %d,\n", \
            quoted(head[i, "group"]), quoted(head[i, "kind"]), quoted(head[i, "plural"]), \
            head[i, "scope"] == "Namespaced" ? "true" : "false", \
            head[i, "channel"] == "experimental" ? "true" : "false", i, version_count[i]
        printf "     {%s, text_%d, %d}},\n", quoted(head[i, "kind"]), t, size[t]
    }
    print "};\n"
    print "static const gwapi__builtin_text definitions[] = {"
    for (i = 1; i <= definitions; i++) {
        t = definition_text[i]
        printf "    {%s, text_%d, %d},\n", quoted(definition_name[i]), t, size[t]
    }
    print "};\n"
    print "const gwapi__builtin_release gwapi__builtin_releases[] = {"
    printf "    {%s, kinds, %d, definitions, %d},\n", quoted(release), kinds, definitions
    print "};"
    print "const size_t gwapi__builtin_release_count = 1;"
}
