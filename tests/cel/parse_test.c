#include "cel/parse.h"

Test(cel_parse, operators_bind_by_level_and_to_the_left)
{
    static const test_example examples[] = {
        EXAMPLE("a + b * c - d", "(_-_ (_+_ a (_*_ b c)) d)"),
        EXAMPLE("a * b / c % d", "(_%_ (_/_ (_*_ a b) c) d)"),
        EXAMPLE("a * (b + c)", "(_*_ a (_+_ b c))"),
        EXAMPLE("a < b == c", "(_==_ (_<_ a b) c)"),
        EXAMPLE("a + 1 <= b", "(_<=_ (_+_ a 1) b)"),
        EXAMPLE("a in b != c", "(_!=_ (@in a b) c)"),
        EXAMPLE("a > b || c >= d && e", "(_||_ (_>_ a b) (_&&_ (_>=_ c d) e))"),
        EXAMPLE("a ? b : c ? d : e", "(_?_:_ a b (_?_:_ c d e))"),
        EXAMPLE("a ? (b ? c : d) : e", "(_?_:_ a (_?_:_ b c d) e)"),
        EXAMPLE("a || b ? c && d : e", "(_?_:_ (_||_ a b) (_&&_ c d) e)"),
        EXAMPLE("a//b\n+c // d", "(_+_ a c)"),
        EXAMPLE("\ta\f+\r\nb ", "(_+_ a b)"),
    };

    CHECK(examples, 34);
}

Test(cel_parse, chains_of_and_and_or_become_trees_of_least_height)
{
    static const test_example examples[] = {
        EXAMPLE("a && b", "(_&&_ a b)"),
        EXAMPLE("a && b && c", "(_&&_ (_&&_ a b) c)"),
        EXAMPLE("a || b || c || d", "(_||_ (_||_ a b) (_||_ c d))"),
        EXAMPLE("a && b && c && d && e", "(_&&_ (_&&_ (_&&_ a b) c) (_&&_ d e))"),
        EXAMPLE("a && (b && c) && d", "(_&&_ (_&&_ a (_&&_ b c)) d)"),
    };

    CHECK(examples, 34);
}

Test(cel_parse, signs_cancel_out_and_one_minus_belongs_to_a_number)
{
    static const test_example examples[] = {
        EXAMPLE("!a", "(!_ a)"),
        EXAMPLE("! !a", "a"),
        EXAMPLE("!!!a.b", "(!_ (. a b))"),
        EXAMPLE("-a", "(-_ a)"),
        EXAMPLE("--a", "a"),
        EXAMPLE("-1", "-1"),
        EXAMPLE("- 1.5", "d-1.5"),
        EXAMPLE("-1u", "(-_ 1u)"),
        EXAMPLE("--1", "1"),
        EXAMPLE("---1", "(-_ 1)"),
        EXAMPLE("!-1", "(!_ -1)"),
        EXAMPLE("a - -1", "(_-_ a -1)"),
        EXAMPLE("a--1", "(_-_ a -1)"),
        EXAMPLE("-1.a", "(. -1 a)"),
        EXAMPLE("-.5", "d-0.5"),
        EXAMPLE("!-a", "! expected an operand, found '-'"),
        EXAMPLE("-!a", "! expected an operand, found '!'"),
    };

    CHECK(examples, 34);
}

Test(cel_parse, numbers_have_their_value)
{
    static const test_example examples[] = {
        EXAMPLE("007", "7"),
        EXAMPLE("9223372036854775807", "9223372036854775807"),
        EXAMPLE("-9223372036854775808", "-9223372036854775808"),
        EXAMPLE("-0x8000000000000000", "-9223372036854775808"),
        EXAMPLE("0xfF", "255"),
        EXAMPLE("0x1e5", "485"),
        EXAMPLE("0x10u", "16u"),
        EXAMPLE("18446744073709551615U", "18446744073709551615u"),
        EXAMPLE("1.5", "d1.5"),
        EXAMPLE(".5e+1", "d5"),
        EXAMPLE("1e3", "d1000"),
        EXAMPLE("12E-1", "d1.2"),
        EXAMPLE("0.0", "d0"),
        EXAMPLE("-0.0", "d-0"),
        EXAMPLE("000.00012", "d0.00012"),
        EXAMPLE("9007199254740993.0", "d9007199254740992"),
        EXAMPLE("9007199254740993.00000000000000000000000001", "d9007199254740994"),
        EXAMPLE("1.7976931348623157e308", "d1.7976931348623157e+308"),
        EXAMPLE("1e-400", "d0"),
        EXAMPLE("1e-99999999999999999999999", "d0"),
        EXAMPLE("0e99999999999999999999999", "d0"),
        EXAMPLE("1.e5", "(. 1 e5)"),
        EXAMPLE("9223372036854775808", "! the number does not fit into an int"),
        EXAMPLE("--9223372036854775808", "! the number does not fit into an int"),
        EXAMPLE("-9223372036854775809", "! the number does not fit into an int"),
        EXAMPLE("0x10000000000000000", "! the number does not fit into an int"),
        EXAMPLE("18446744073709551616u", "! the number does not fit into a uint"),
        EXAMPLE("0x10000000000000000u", "! the number does not fit into a uint"),
        EXAMPLE("1e309", "! the number does not fit into a double"),
        EXAMPLE("1e99999999999999999999999", "! the number does not fit into a double"),
        EXAMPLE("0x", "! expected an operator or the end, found 'x'"),
        EXAMPLE("1.5.5", "! expected an operator or the end, found '.5'"),
        EXAMPLE("1e", "! expected an operator or the end, found 'e'"),
    };

    CHECK(examples, 34);
}

/* All digits of a double count, however many there are. */
Test(cel_parse, the_last_of_a_thousand_digits_can_decide)
{
    gwapi_allocator a = test_heap();
    gwapi__text text, tree;

    for (int last = 0; last < 2; last++) {
        gwapi__text_init(&text, &a);
        gwapi__text_addz(&text, "9007199254740993");
        gwapi__text_fill(&text, '0', 1500);
        gwapi__text_char(&text, last == 0 ? '0' : '1');
        gwapi__text_addz(&text, "e-1501");
        test_parse(&tree, &a, gwapi__text_str(&text), 34);
        cr_expect(gwapi__str_eq(gwapi__text_str(&tree),
                                last == 0 ? GWAPI__STR("d9007199254740992")
                                          : GWAPI__STR("d9007199254740994")),
                  "%.*s", GWAPI__FMT(gwapi__text_str(&tree)));
        gwapi__text_free(&text);
        gwapi__text_free(&tree);
    }
}

Test(cel_parse, strings_and_bytes_have_their_value)
{
    static const test_example examples[] = {
        EXAMPLE("''", "\"\""),
        EXAMPLE("\"a'b\"", "\"a'b\""),
        EXAMPLE("'\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"\\`\\?'", "\"\\a\\b\\f\\n\\r\\t\\v\\\\'\\\"`?\""),
        EXAMPLE("'\\x41\\X4a\\u00e9\\U0001F600\\101\\377'", "\"AJé😀Aÿ\""),
        EXAMPLE("r'\\d\\'", "\"\\\\d\\\\\""),
        EXAMPLE("R\"a\\\"", "\"a\\\\\""),
        EXAMPLE("'''a'b''c\nd'''", "\"a'b''c\\nd\""),
        EXAMPLE("\"\"\"a\\\"\"\"\"", "\"a\\\"\""),
        EXAMPLE("r'''a\\'''", "\"a\\\\\""),
        EXAMPLE("''''''", "\"\""),
        EXAMPLE("'''a\r\nb\rc'''", "\"a\\nb\\nc\""),
        EXAMPLE("b'a\\x00\\xff\\377'", "b\"a\\x00\\xff\\xff\""),
        EXAMPLE("B\"é\"", "b\"é\""),
        EXAMPLE("br'\\x'", "b\"\\\\x\""),
        EXAMPLE("bR'''\\'''", "b\"\\\\\""),
        EXAMPLE("'日本'", "\"日本\""),
        EXAMPLE("'a\xff\\n'", "\"a\xef\xbf\xbd\\n\""),
        EXAMPLE("b'\xc3'", "b\"\xef\xbf\xbd\""),
        EXAMPLE("'\0'", "\"\\x00\""),
        EXAMPLE("'\\q'", "! there is no such escape"),
        EXAMPLE("'\\4'", "! there is no such escape"),
        EXAMPLE("'\\08'", "! an octal escape takes three digits, 000 to 377"),
        EXAMPLE("'\\3'", "! an octal escape takes three digits, 000 to 377"),
        EXAMPLE("'\\x4'", "! the escape takes more hexadecimal digits"),
        EXAMPLE("'\\u12g4'", "! the escape takes more hexadecimal digits"),
        EXAMPLE("'\\ud800'", "! the escape is no Unicode code point"),
        EXAMPLE("'\\U00110000'", "! the escape is no Unicode code point"),
        EXAMPLE("b'\\u0041'", "! bytes have no Unicode escapes"),
        EXAMPLE("b'\\U00000041'", "! bytes have no Unicode escapes"),
        EXAMPLE("'a", "! the closing quote is missing on this line"),
        EXAMPLE("'a\nb'", "! the closing quote is missing on this line"),
        EXAMPLE("'a\\", "! the closing quote is missing on this line"),
        EXAMPLE("'a\\\n'", "! the closing quote is missing on this line"),
        EXAMPLE("b'a\\'", "! the closing quote is missing on this line"),
        EXAMPLE("'''a''", "! the closing three quotes are missing"),
        EXAMPLE("\"\"\"a\\", "! the closing three quotes are missing"),
        EXAMPLE("rb''", "! expected an operator or the end, found ''''"),
        EXAMPLE("'' ''", "! expected an operator or the end, found ''''"),
    };

    CHECK(examples, 34);
}

Test(cel_parse, the_other_constants)
{
    static const test_example examples[] = {
        EXAMPLE("true", "true"),
        EXAMPLE("false", "false"),
        EXAMPLE("null", "null"),
        EXAMPLE("True", "True"),
    };

    CHECK(examples, 34);
}

Test(cel_parse, names_fields_and_calls)
{
    static const test_example examples[] = {
        EXAMPLE("_a1", "_a1"),
        EXAMPLE(".a", ".a"),
        EXAMPLE(". a.b", "(. .a b)"),
        EXAMPLE("a.b.c", "(. (. a b) c)"),
        EXAMPLE("a.if", "(. a if)"),
        EXAMPLE("f()", "(f)"),
        EXAMPLE(".f(a, 1)", "(.f a 1)"),
        EXAMPLE("a.f()", "(a .f)"),
        EXAMPLE("a.while(b)", "(a .while b)"),
        EXAMPLE("a[0][b]", "(_[_] (_[_] a 0) b)"),
        EXAMPLE("f(a)[1].b", "(. (_[_] (f a) 1) b)"),
        EXAMPLE("if", "! the name is a reserved word"),
        EXAMPLE(".var", "! the name is a reserved word"),
        EXAMPLE("as(a)", "! the name is a reserved word"),
        EXAMPLE("a.in", "! expected the name of a field, found 'in'"),
        EXAMPLE("a.null()", "! expected the name of a field, found 'null'"),
        EXAMPLE(".true", "! expected a name, found 'true'"),
        EXAMPLE("f(a,)", "! expected an operand, found ')'"),
        EXAMPLE("f(a b)", "! expected ',' or ')' of a call, found 'b'"),
        EXAMPLE("a.f(", "! expected an operand, found the end"),
        EXAMPLE("a[]", "! expected an operand, found ']'"),
        EXAMPLE("a[1", "! expected ']' of an index, found the end"),
        EXAMPLE("`a`", "! expected an operand, found '`a`'"),
        EXAMPLE("a.`b-c`", "! names in backticks are not supported"),
        EXAMPLE("a.``", "! no name in backticks"),
        EXAMPLE("a.`b", "! no name in backticks"),
    };

    CHECK(examples, 34);
}

Test(cel_parse, lists_maps_and_structs)
{
    static const test_example examples[] = {
        EXAMPLE("[]", "[]"),
        EXAMPLE("[,]", "[]"),
        EXAMPLE("[1, [a], ]", "[1 [a]]"),
        EXAMPLE("{}", "{}"),
        EXAMPLE("{,}", "{}"),
        EXAMPLE("{'a': 1, b ? c : d: e,}", "{\"a\": 1 (_?_:_ b c d): e}"),
        EXAMPLE("A{}", "A{}"),
        EXAMPLE(".a . B {,}", ".a.B{}"),
        EXAMPLE("a.b.C{x: 1, if: [2],}", "a.b.C{x: 1 if: [2]}"),
        EXAMPLE("if{}", "if{}"),
        EXAMPLE("A{}.b", "(. A{} b)"),
        EXAMPLE("[,1]", "! expected ',' or ']' of a list, found '1'"),
        EXAMPLE("[1,,]", "! expected an operand, found ','"),
        EXAMPLE("[1", "! expected ',' or ']' of a list, found the end"),
        EXAMPLE("{1}", "! expected ':' of a map's entry, found '}'"),
        EXAMPLE("{1: 2", "! expected ',' or '}' of a map, found the end"),
        EXAMPLE("{1: }", "! expected an operand, found '}'"),
        EXAMPLE("A{1: 2}", "! expected the name of a field, found '1'"),
        EXAMPLE("A{x}", "! expected ':' of a field, found '}'"),
        EXAMPLE("A{x: 1", "! expected ',' or '}' of an object, found the end"),
        EXAMPLE("A{`x`: 1}", "! names in backticks are not supported"),
        EXAMPLE("a().B{}", "! expected an operator or the end, found '{'"),
        EXAMPLE("a.in.B{}", "! expected the name of a field, found 'in'"),
    };

    CHECK(examples, 34);
}

Test(cel_parse, optional_syntax_is_there_since_1_28)
{
    static const test_example examples[] = {
        EXAMPLE("a.?b.c", "(. (_?._ a \"b\") c)"),
        EXAMPLE("a[?b]", "(_[?_] a b)"),
        EXAMPLE("[?a, b]", "[?a b]"),
        EXAMPLE("[a]", "[a]"),
        EXAMPLE("{?'k': v, 1: w}", "{?\"k\": v 1: w}"),
        EXAMPLE("A{?b: c}", "A{?b: c}"),
        EXAMPLE("a.?b()", "! expected an operator or the end, found '('"),
        EXAMPLE("a.?1", "! expected the name of a field, found '1'"),
    };
    static const test_example before[] = {
        EXAMPLE("a.?b", "! optional syntax needs Kubernetes 1.28 or later"),
        EXAMPLE("a[?b] + [?c]", "! optional syntax needs Kubernetes 1.28 or later"
                                " ! optional syntax needs Kubernetes 1.28 or later"),
        EXAMPLE("{?'k': v}", "! optional syntax needs Kubernetes 1.28 or later"),
        EXAMPLE("A{?b: c}", "! optional syntax needs Kubernetes 1.28 or later"),
    };

    CHECK(examples, 28);
    CHECK(before, 27);
}

Test(cel_parse, what_is_no_token_is_told)
{
    static const test_example examples[] = {
        EXAMPLE("a & b", "! there is no operator '&'; 'and' is written '&&'"),
        EXAMPLE("a | b", "! there is no operator '|'; 'or' is written '||'"),
        EXAMPLE("a = b", "! there is no assignment; 'equals' is written '=='"),
        EXAMPLE("a; b", "! an expression has no ';'"),
        EXAMPLE("a\v", "! no token begins with this character"),
        EXAMPLE("@a", "! no token begins with this character"),
        EXAMPLE("é", "! no token begins with this character"),
        EXAMPLE("a\0", "! no token begins with this character"),
        EXAMPLE("\xff", "! no token begins with this character"),
        EXAMPLE("\\", "! no token begins with this character"),
        EXAMPLE("", "! the expression is empty"),
        EXAMPLE(" // a", "! the expression is empty"),
        EXAMPLE("a b", "! expected an operator or the end, found 'b'"),
        EXAMPLE("(a", "! expected ')', found the end"),
        EXAMPLE("a)", "! expected an operator or the end, found ')'"),
        EXAMPLE("a ? b", "! expected ':' of a condition, found the end"),
        EXAMPLE("a ? b ? c : d : e", "! expected ':' of a condition, found '?'"),
        EXAMPLE("a ? b : ", "! expected an operand, found the end"),
        EXAMPLE("a +", "! expected an operand, found the end"),
        EXAMPLE("a < < b", "! expected an operand, found '<'"),
        EXAMPLE("a && ", "! expected an operand, found the end"),
        EXAMPLE("a == b c_rather_long_name_that_goes_on_and_on_",
                "! expected an operator or the end, found"
                " 'c_rather_long_name_that_goes_on_and_on_'"),
        EXAMPLE("a '0123456789012345678901234567890123456é789'",
                "! expected an operator or the end, found"
                " ''0123456789012345678901234567890123456é…'"),
        EXAMPLE("a '01234567890123456789012345678901234567é89'",
                "! expected an operator or the end, found"
                " ''01234567890123456789012345678901234567…'"),
    };

    CHECK(examples, 34);
}

Test(cel_parse, several_issues_of_meaning_are_told_at_once)
{
    static const test_example examples[] = {
        EXAMPLE("'\\q' + if + 1e999 + f(has(a)) + [a.`b`]",
                "! there is no such escape ! the name is a reserved word"
                " ! the number does not fit into a double"
                " ! has() takes the selection of a field: has(a.b)"
                " ! names in backticks are not supported"),
        EXAMPLE("if + )", "! the name is a reserved word ! expected an operand, found ')'"),
        EXAMPLE("has(if)", "! the name is a reserved word"),
        EXAMPLE("[var].all(let, x)", "! the name is a reserved word"
                                     " ! the name is a reserved word"),
    };

    CHECK(examples, 34);
}
