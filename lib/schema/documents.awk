# Makes documents.c from the schema files of one release and its rules.yaml, which must be UTF-8:
#
#   LC_ALL=C awk -v release=v1.4 -f bytes.awk -f documents.awk rules.yaml shared.yaml gateway.yaml …
#
# Schema files go in whole. Each rule becomes a text of its own: the lines of its list item, two
# columns to the left.

BEGIN {
    print "/* Made by lib/schema/documents.awk. */"
    print "#include \"schema/documents.h\""
    print ""
    files = rules = 0
}

FNR == 1 {
    end_text()
    of_rules = FILENAME ~ /(^|\/)rules\.yaml$/
    if (!of_rules) {
        start_text()
        file_text[++files] = texts
        file_name[files] = "shared"
    }
}

of_rules && /^- id: / {
    start_text()
    rule_text[++rules] = texts
    rule_name[rules] = $3
}

of_rules {
    if (open_text)
        put_line(substr($0, 3))
    next
}

/^kind: / {
    file_name[files] = $2
}

{
    put_line($0)
}

function put_table(name, count, names, text,    i) {
    printf "static const gwapi__builtin_text %s[] = {\n", name
    for (i = 1; i <= count; i++)
        printf "    {GWAPI_STR_INIT(\"%s\"), text_%d, %d},\n", names[i], text[i], size[text[i]]
    print "};\n"
}

END {
    end_text()
    put_table("files", files, file_name, file_text)
    put_table("rules", rules, rule_name, rule_text)
    print "const gwapi__documents gwapi__documents_of[] = {"
    printf "    {GWAPI_STR_INIT(\"%s\"), files, rules, %d},\n", release, rules
    print "};"
    print "const size_t gwapi__documents_count = 1;"
}
