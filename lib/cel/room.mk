# The Common Expression Language.
libgwapi_la_SOURCES += \
	lib/cel/address.c lib/cel/address.h \
	lib/cel/arithmetic.c \
	lib/cel/ast.h \
	lib/cel/bound.c \
	lib/cel/build.c lib/cel/build.h \
	lib/cel/cel.h \
	lib/cel/check.c lib/cel/check.h \
	lib/cel/check_call.c \
	lib/cel/check_format.c \
	lib/cel/check_literals.c \
	lib/cel/cidrs.c \
	lib/cel/context.c \
	lib/cel/convert.c \
	lib/cel/cost.c \
	lib/cel/digits.c lib/cel/digits.h \
	lib/cel/duration.c \
	lib/cel/environment.c \
	lib/cel/equal.c \
	lib/cel/escape.c \
	lib/cel/estimate.c lib/cel/estimate.h \
	lib/cel/estimate_call.c \
	lib/cel/eval.c \
	lib/cel/eval_attribute.c \
	lib/cel/eval_fold.c \
	lib/cel/eval_matches.c \
	lib/cel/expr.c lib/cel/expr.h \
	lib/cel/format.c lib/cel/format.h \
	lib/cel/format_number.c \
	lib/cel/forms.c lib/cel/forms.h \
	lib/cel/ips.c \
	lib/cel/issue.c \
	lib/cel/library.h \
	lib/cel/list.c \
	lib/cel/lists.c \
	lib/cel/literal.c lib/cel/literal.h \
	lib/cel/macro.c lib/cel/macro.h \
	lib/cel/maps.c \
	lib/cel/message.c lib/cel/message.h \
	lib/cel/named_formats.c \
	lib/cel/names.c \
	lib/cel/natural.c lib/cel/natural.h \
	lib/cel/net.h \
	lib/cel/number.c lib/cel/number.h \
	lib/cel/optionals.c \
	lib/cel/parse.c \
	lib/cel/parse_operand.c \
	lib/cel/parser.c lib/cel/parser.h \
	lib/cel/plan.c lib/cel/plan.h \
	lib/cel/plan_attribute.c \
	lib/cel/plan_call.c \
	lib/cel/plan_fold.c \
	lib/cel/program.c \
	lib/cel/quantities.c \
	lib/cel/quantity.c lib/cel/quantity.h \
	lib/cel/regexes.c \
	lib/cel/relation.c \
	lib/cel/scan.c lib/cel/scan.h \
	lib/cel/search.c lib/cel/search.h \
	lib/cel/semvers.c \
	lib/cel/sets.c \
	lib/cel/sort.c lib/cel/sort.h \
	lib/cel/standard.c lib/cel/standard.h \
	lib/cel/step.h \
	lib/cel/strings.c \
	lib/cel/text.c lib/cel/text.h \
	lib/cel/time.c lib/cel/time.h \
	lib/cel/traversal.c lib/cel/traversal.h \
	lib/cel/type.c lib/cel/type.h \
	lib/cel/unify.c lib/cel/unify.h \
	lib/cel/uri.c lib/cel/uri.h \
	lib/cel/urls.c \
	lib/cel/value.c lib/cel/value.h \
	lib/cel/value_tree.c \
	lib/cel/walk.c
