#include "cel/parse.h"

Test(cel_macro, has_becomes_a_test_of_a_selection)
{
    static const test_example examples[] = {
        EXAMPLE("has(a.b)", "(has a b)"),
        EXAMPLE("has(a.b.c)", "(has (. a b) c)"),
        EXAMPLE("has((a.b))", "(has a b)"),
        EXAMPLE("has(has(a.b))", "(has a b)"),
        EXAMPLE("has(a)", "! has() takes the selection of a field: has(a.b)"),
        EXAMPLE("has(a[0])", "! has() takes the selection of a field: has(a.b)"),
        EXAMPLE("has(a.?b)", "! has() takes the selection of a field: has(a.b)"),
        EXAMPLE("has(a.b, c)", "(has (. a b) c)"),
        EXAMPLE(".has(a.b)", "(.has (. a b))"),
        EXAMPLE("a.has(a.b)", "(a .has (. a b))"),
        EXAMPLE("has()", "(has)"),
    };

    CHECK(examples, 34);
}

Test(cel_macro, quantifiers_become_comprehensions)
{
    static const test_example examples[] = {
        EXAMPLE("a.all(x, p)", "(fold x _ a @result true (@not_strictly_false @result)"
                               " (_&&_ @result p) @result)"),
        EXAMPLE("a.exists(x, p)",
                "(fold x _ a @result false (@not_strictly_false (!_ @result))"
                " (_||_ @result p) @result)"),
        EXAMPLE("a.exists_one(x, p)", "(fold x _ a @result 0 true"
                                      " (_?_:_ p (_+_ @result 1) @result) (_==_ @result 1))"),
        EXAMPLE("a.all((x), p)", "(fold x _ a @result true (@not_strictly_false @result)"
                                 " (_&&_ @result p) @result)"),
        EXAMPLE("a.all(.x, p)", "(fold .x _ a @result true (@not_strictly_false @result)"
                                " (_&&_ @result p) @result)"),
        EXAMPLE("a.existsOne(x, p)", "(a .existsOne x p)"),
        EXAMPLE("a.all(x)", "(a .all x)"),
        EXAMPLE("all(x, p)", "(all x p)"),
        EXAMPLE("a.all(x.y, p)", "! the variable of a macro must be a simple name"),
        EXAMPLE("a.exists('x', p)", "! the variable of a macro must be a simple name"),
        EXAMPLE("a.exists_one(__result__, p)",
                "! the name __result__ is reserved for what a macro accumulates"),
    };

    CHECK(examples, 34);
}

Test(cel_macro, map_and_filter_collect_lists)
{
    static const test_example examples[] = {
        EXAMPLE("a.map(x, f)", "(fold x _ a @result [] true (_+_ @result [f]) @result)"),
        EXAMPLE("a.map(x, p, f)", "(fold x _ a @result [] true"
                                  " (_?_:_ p (_+_ @result [f]) @result) @result)"),
        EXAMPLE("a.filter(x, p)", "(fold x _ a @result [] true"
                                  " (_?_:_ p (_+_ @result [x]) @result) @result)"),
        EXAMPLE("a.map(x)", "(a .map x)"),
        EXAMPLE("a.map(1, f)", "! the variable of a macro must be a simple name"),
        EXAMPLE("a.map(1, p, f)", "! the variable of a macro must be a simple name"),
        EXAMPLE("a.filter(x(), p)", "! the variable of a macro must be a simple name"),
    };

    CHECK(examples, 34);
}

Test(cel_macro, two_variables_are_there_since_1_32)
{
    static const test_example examples[] = {
        EXAMPLE("a.all(i, v, p)", "(fold i v a @result true (@not_strictly_false @result)"
                                  " (_&&_ @result p) @result)"),
        EXAMPLE("a.exists(i, v, p)",
                "(fold i v a @result false (@not_strictly_false (!_ @result))"
                " (_||_ @result p) @result)"),
        EXAMPLE("a.existsOne(i, v, p)", "(fold i v a @result 0 true"
                                        " (_?_:_ p (_+_ @result 1) @result) (_==_ @result 1))"),
        EXAMPLE("a.exists_one(i, v, p)", "(fold i v a @result 0 true"
                                         " (_?_:_ p (_+_ @result 1) @result)"
                                         " (_==_ @result 1))"),
        EXAMPLE("a.transformList(i, v, f)",
                "(fold i v a @result [] true (_+_ @result [f]) @result)"),
        EXAMPLE("a.transformList(i, v, p, f)", "(fold i v a @result [] true"
                                               " (_?_:_ p (_+_ @result [f]) @result) @result)"),
        EXAMPLE("a.transformMap(i, v, f)",
                "(fold i v a @result {} true (cel.@mapInsert @result i f) @result)"),
        EXAMPLE("a.transformMap(i, v, p, f)",
                "(fold i v a @result {} true"
                " (_?_:_ p (cel.@mapInsert @result i f) @result) @result)"),
        EXAMPLE("a.transformMapEntry(i, v, f)",
                "(fold i v a @result {} true (cel.@mapInsert @result f) @result)"),
        EXAMPLE("a.transformMapEntry(i, v, p, f)",
                "(fold i v a @result {} true"
                " (_?_:_ p (cel.@mapInsert @result f) @result) @result)"),
        EXAMPLE("a.all(i, i, p)", "! the two variables of a macro must differ"),
        EXAMPLE("a.all(1, v, p)", "! the variable of a macro must be a simple name"),
        EXAMPLE("a.transformList(i, 1, p)", "! the variable of a macro must be a simple name"),
        EXAMPLE("a.transformMap(i, __result__, p)",
                "! the name __result__ is reserved for what a macro accumulates"),
    };
    static const test_example before[] = {
        EXAMPLE("a.all(i, v, p)", "(a .all i v p)"),
        EXAMPLE("a.transformMap(i, v, f)", "(a .transformMap i v f)"),
        EXAMPLE("a.map(x, p, f)", "(fold x _ a @result [] true"
                                  " (_?_:_ p (_+_ @result [f]) @result) @result)"),
    };

    CHECK(examples, 32);
    CHECK(before, 31);
}

Test(cel_macro, optionals_are_mapped_since_1_28)
{
    static const test_example examples[] = {
        EXAMPLE("a.optMap(x, f)", "(_?_:_ (a .hasValue) (optional.of (fold #unused _ [] x"
                                  " (a .value) false x f)) (optional.none))"),
        EXAMPLE("a.optFlatMap(x, f)", "(_?_:_ (a .hasValue) (fold #unused _ [] x"
                                      " (a .value) false x f) (optional.none))"),
        EXAMPLE("[1, a.b(c), {2: d}, A{e: 3}, has(f.g), [?h]].optFlatMap(x, x)",
                "(_?_:_ ([1 (a .b c) {2: d} A{e: 3} (has f g) [?h]] .hasValue)"
                " (fold #unused _ [] x ([1 (a .b c) {2: d} A{e: 3} (has f g) [?h]] .value)"
                " false x x) (optional.none))"),
        EXAMPLE("a.map(y, y).optFlatMap(x, x)",
                "(_?_:_ ((fold y _ a @result [] true (_+_ @result [y]) @result) .hasValue)"
                " (fold #unused _ [] x"
                " ((fold y _ a @result [] true (_+_ @result [y]) @result) .value)"
                " false x x) (optional.none))"),
        EXAMPLE("if.optMap(x, x)", "! the name is a reserved word"),
        EXAMPLE("a.optMap(1, x)", "! the variable of a macro must be a simple name"),
        EXAMPLE("a.optFlatMap(x.y, x)", "! the variable of a macro must be a simple name"),
    };
    static const test_example before[] = {
        EXAMPLE("a.optMap(x, f)", "(a .optMap x f)"),
        EXAMPLE("a.optFlatMap(x, f)", "(a .optFlatMap x f)"),
    };

    CHECK(examples, 28);
    CHECK(before, 27);
}

Test(cel_macro, lists_are_sorted_by_a_key_since_1_34)
{
    static const char a_list_only[] = "! sortBy() needs an expression that gives a list";
    static const char sorted[] =
        "(fold #unused _ [] @__sortBy_input__ a false @__sortBy_input__"
        " (@__sortBy_input__ .@sortByAssociatedKeys"
        " (fold x _ @__sortBy_input__ @result [] true (_+_ @result [k]) @result)))";
    const test_example examples[] = {
        EXAMPLE("a.sortBy(x, k)", sorted),
        EXAMPLE("1.sortBy(x, k)", a_list_only),
        EXAMPLE("{}.sortBy(x, k)", a_list_only),
        EXAMPLE("A{}.sortBy(x, k)", a_list_only),
        EXAMPLE("if.sortBy(x, k)", "! the name is a reserved word"),
        EXAMPLE("a.sortBy(x.y, k)", "! the variable of a macro must be a simple name"),
    };
    static const test_example before[] = {
        EXAMPLE("a.sortBy(x, k)", "(a .sortBy x k)"),
    };

    CHECK(examples, 34);
    CHECK(before, 33);
}

/* Kubernetes does not load cel-go's library of bindings. */
Test(cel_macro, bind_is_no_macro)
{
    static const test_example examples[] = {
        EXAMPLE("cel.bind(x, 1, x)", "(cel .bind x 1 x)"),
    };

    CHECK(examples, 34);
}
