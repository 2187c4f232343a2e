/* See message.h.  The sentences say what is wrong and what to do about it. */
#include "message.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

static const char *const sentences[MSG_COUNT] = {
	[MSG_READ] = "$1",
	[MSG_EMPTY] = "文件是空的，至少要有 [form] 和一个字段",
	[MSG_TOO_BIG] = "文件太大（超过 256 KB），表单文件不会这么大，请检查",
	[MSG_UTF8] = "这里不是 UTF-8 编码，请用 UTF-8 另存这个文件",
	[MSG_NUL] = "文件里有空字节，不是文本文件，请用 UTF-8 另存",
	[MSG_CONTROL] = "这里有看不见的控制字符，请删掉后重新输入这一行",

	[MSG_NO_EQUALS] = "“$1”后面缺少等号，应写成“名称 = 内容”",
	[MSG_WIDE_EQUALS] = "这里用了全角等号“＝”，请改成半角“=”",
	[MSG_NO_BRACKET] = "方括号没有闭合，应写成“[名称]”",
	[MSG_AFTER_BRACKET] = "“]”后面多了“$1”，请另起一行",
	[MSG_WIDE_BRACKET] = "这里用了全角方括号，请改成半角“[”“]”",
	[MSG_BEFORE_SECTION] = "“$1”不属于任何一节，请先写 [form] 或 [字段名]",
	[MSG_STRAY_CONTINUATION] =
	    "行首有空格表示接着上一行，但上面没有可接的内容；请去掉行首空格",
	[MSG_NO_KEY] = "等号前面没有名称",
	[MSG_NO_VALUE] = "“$1”后面没有内容；不需要就删掉这一行",

	[MSG_NO_FORM] = "缺少 [form] 一节，请在文件开头写上",
	[MSG_SECTION_TWICE] = "[$1] 重复了，第 $2 行已经有一个",
	[MSG_SECTION_NAME] =
	    "“$1”不能作字段名：只能用小写英文字母、数字和下划线，以字母开头",
	[MSG_SECTION_UNKNOWN] = "不认识的一节“[$1]”",
	[MSG_SECTION_NEAR] = "不认识的一节“[$1]”，是不是“[$2]”？",
	[MSG_FIELD_FIXED] = "“$1”是每张表都有的列，不能再作字段名，请换一个",
	[MSG_FIELD_KEYWORD] = "“$1”是 SQL 的关键字，不能作字段名，请换一个",
	[MSG_FIELD_LONG] = "字段名“$1”太长，最多 40 个字母",
	[MSG_MOVE_NO_NAME] = "[move] 后面要有名称，如 [move assess]",
	[MSG_MOVE_ALONE] = "有 [move $1] 却没有 [workflow]，请补上 [workflow]",
	[MSG_NO_FIELDS] = "表单里没有字段，至少要有一个 [字段名]",

	[MSG_PROPERTY_UNKNOWN] = "[$2] 里没有“$1”这个属性",
	[MSG_PROPERTY_NEAR] = "[$2] 里没有“$1”这个属性，是不是“$3”？",
	[MSG_PROPERTY_TWICE] = "“$1”写了两次，第 $2 行已经有了，请留一个",
	[MSG_PROPERTY_MISSING] = "[$1] 里缺少“$2”",
	[MSG_PROPERTY_MISPLACED] = "“$1”不能用在 $2 类型的字段上",
	[MSG_FORM_NAME] = "表单名“$1”和文件名“$2.form”不一致，请改成一样",
	[MSG_LABEL_MISSING] = "字段“$1”没有标题，请写 label = 中文名称",
	[MSG_NAME_BAD] = "“$1”不是合适的名称：只能用小写英文字母、数字和下划线",

	[MSG_TYPE_MISSING] = "字段“$1”没有类型，请写 type = text 2..20 之类",
	[MSG_TYPE_UNKNOWN] = "没有“$1”这种类型",
	[MSG_TYPE_NEAR] = "没有“$1”这种类型，是不是“$2”？",
	[MSG_TYPE_RANGE] = "$1 类型不能带范围“$2”",
	[MSG_RANGE_BAD] = "范围“$1”写得不对，应写成“最小..最大”，如 2..20",
	[MSG_RANGE_ORDER] = "范围“$1”的最小值比最大值大",
	[MSG_RANGE_NEGATIVE] = "“$1”：文字的长度不能是负数",
	[MSG_TYPE_LIST] = "$1 后面要写代码表的名称，如 $1 yes_no",
	[MSG_TYPE_FORM] = "ref 后面要写表单的名称，如 ref child",
	[MSG_TYPE_LEVEL] =
	    "“$1”不是区划级别，应是 province、city、county、town、village 之一",
	[MSG_TYPE_SERIAL] = "serial 后面要写编号的样式，如 SL{year}-{seq4}",
	[MSG_SERIAL_WORD] =
	    "编号样式里的“{$1}”不认识，可以用 {year} {month} {day} {site} {seq4}",
	[MSG_SERIAL_SEQ] = "编号样式里必须正好有一个 {seq1} 到 {seq9}",
	[MSG_TYPE_EXTRA] = "类型后面多了“$1”，请删掉",
	[MSG_CALCULATE_EMPTY] = "calculate 类型的字段“$1”没有写 calculation",

	[MSG_SEVERITY_BAD] = "“$1”不对，severity 只能是 error 或 warning",
	[MSG_CHECK_BEFORE] = "“$1”要写在它所说明的 check 后面",
	[MSG_CONSTRAINT_BEFORE] = "有 constraint_message 却没有 constraint",
	[MSG_FIELD_UNKNOWN] = "“$2”里写的“$1”不是这张表单的字段",
	[MSG_FIELD_NEAR] = "“$2”里写的“$1”不是这张表单的字段，是不是“$3”？",
	[MSG_WORD_TWICE] = "“$2”里“$1”写了两次",
	[MSG_MIRROR_BAD] =
	    "mirror = $1 不对：[form] 里写了 mirror = 表单后，字段写“表单.字段”",
	[MSG_HISTORY_TYPE] = "history 只能用在 select_multiple 类型的字段上",
	[MSG_FILTER_TYPE] = "choice_filter 只能用在 select_one 或 "
	    "select_multiple 类型的字段上",
	[MSG_SETS_BAD] = "sets 应写成“字段 = 表达式”；有几个就写几行 sets",
	[MSG_INITIAL_MISSING] = "[workflow] 里缺少“$1”",
	[MSG_IMPLICIT_TYPE] =
	    "“$1”是 of 带来的字段，类型只能是 ref $1（可以不写 type）",

	[MSG_EXPR_QUOTE] = "单引号没有成对",
	[MSG_EXPR_DQUOTE] = "双引号没有成对；文字要用单引号",
	[MSG_EXPR_PAREN_EARLY] = "这个右括号没有对应的左括号",
	[MSG_EXPR_PAREN_OPEN] = "这个左括号没有闭合",
	[MSG_EXPR_SEMICOLON] = "表达式里不能有分号“;”",
	[MSG_EXPR_COMMENT] = "表达式里不能有 SQL 注释",
	[MSG_EXPR_PARAM] = "“$1”不能用，参数只有 :today :user :site",
	[MSG_EXPR_PARAM_NEAR] = "“$1”不能用，是不是“$2”？",
	[MSG_EXPR_COLUMNS] = "这里多了一个逗号：表达式只能有一个结果",
	[MSG_EXPR_CHAR] = "表达式里不能有“$1”这个符号",
	[MSG_EXPR_EMPTY] = "表达式是空的",
	[MSG_EXPR_COLUMN] = "没有“$1”这个字段",
	[MSG_EXPR_COLUMN_NEAR] = "没有“$1”这个字段，是不是“$2”？",
	[MSG_EXPR_QUOTED] =
	    "没有“$1”这个字段；如果是文字，要用单引号：'$1'",
	[MSG_EXPR_THIS] = "子查询里用本记录的字段要写成“this.$1”",
	[MSG_EXPR_TABLE] = "没有“$1”这张表（表名就是表单名）",
	[MSG_EXPR_TABLE_NEAR] = "没有“$1”这张表，是不是“$2”？",
	[MSG_EXPR_FUNCTION] = "没有“$1”这个函数",
	[MSG_EXPR_FUNCTION_NEAR] = "没有“$1”这个函数，是不是“$2”？",
	[MSG_EXPR_FORBIDDEN_FUNCTION] = "表单里不能用函数“$1”",
	[MSG_EXPR_ARGS] = "函数“$1”的参数个数不对",
	[MSG_EXPR_SYNTAX] = "“$1”附近写得不对（SQL 语法）",
	[MSG_EXPR_INCOMPLETE] = "表达式没有写完",
	[MSG_EXPR_DENIED] = "表达式只能查询，这里不允许“$1”",
	[MSG_EXPR_NOT_NUMBER] =
	    "“$1”存的是文字，和数字 $2 永远比不上；请加单引号：'$2'",
	[MSG_EXPR_NOT_TEXT] =
	    "“$1”存的是数字，和文字 $2 永远比不上；请去掉单引号",
	[MSG_EXPR_CAST] =
	    "“$1”的计算结果存成文字，和数字比要写 CAST($1 AS INTEGER)",
	[MSG_EXPR_AMBIGUOUS] = "“$1”有几张表都有，请写成“表名.$1”",
	[MSG_EXPR_AGGREGATE] =
	    "“$1”是汇总函数，只能写在子查询里：(SELECT $1(…) FROM …)",
	[MSG_EXPR_OTHER] = "表达式不对：$1",
	[MSG_CONSTRAINT_SELECT] =
	    "constraint 里不能有子查询；要看别的记录请改用 check",
	[MSG_CONSTRAINT_FUNCTION] =
	    "constraint 里不能用函数“$1”，只能用 SQLite 自带的；请改用 check",
	[MSG_CONSTRAINT_PARAM] =
	    "constraint 里不能用“$1”，它每天会变；请改用 check",
	[MSG_CONSTRAINT_TODAY] =
	    "constraint 里不能用当前日期，写了会使每一次保存都失败；"
	    "请改用 check 和 :today",
	[MSG_ROW_ACCESS] =
	    "row_access 只能看这一行的字段，不能用子查询和“:”参数（“$1”）",
	[MSG_QUERY_PARAM] = "这里没有“$1”这个参数",
	[MSG_EXPR_TODAY] = "这里取的是电脑时钟的日期，请改用 :today",
	[MSG_TRIGGER_FUNCTION] =
	    "流程的 condition 里不能用函数“$1”，只能用 SQLite 自带的",
	[MSG_TRIGGER_PARAM] = "流程的 condition 里不能用“$1”",
	[MSG_EXPR_RECURSIVE] = "表达式里不能用 WITH",
	[MSG_EXPR_WIDE] = "“$1”是全角符号，请改成半角“$2”",
	[MSG_EXPR_CHOICE] =
	    "代码表“$2”没有“$1”这一列，choice_filter 里用不了",
	[MSG_EXPR_CHOICE_HERE] = "只有 choice_filter 里才能用 choice.$1",

	[MSG_LIST_UNKNOWN] = "没有代码表“$1”（data/codes/$1.csv）",
	[MSG_LIST_NEAR] = "没有代码表“$1”，是不是“$2”？",
	[MSG_LIST_BAD] = "$1",
	[MSG_FORM_UNKNOWN] = "没有表单“$1”（forms/$1.form）",
	[MSG_FORM_NEAR] = "没有表单“$1”，是不是“$2”？",
	[MSG_STATE_UNKNOWN] = "代码表“$2”里没有“$1”这个状态",
	[MSG_STATE_NEAR] = "代码表“$2”里没有“$1”这个状态，是不是“$3”？",
	[MSG_ROLE_UNKNOWN] = "没有“$1”这个角色",
	[MSG_ROLE_NEAR] = "没有“$1”这个角色，是不是“$2”？",
	[MSG_ACCESS_UNKNOWN] = "代码表 access 里没有“$1”这一类",
	[MSG_ACCESS_NEAR] = "代码表 access 里没有“$1”这一类，是不是“$2”？",
	[MSG_SCOPE_PATH] = "scope 里的“$1”不是 $2 的引用（ref）字段",
	[MSG_OWN] = "own 要写引用（ref）字段，那张表单要有 name 和 login："
	    "“$1”不是",
	[MSG_SCOPE_END] = "scope 最后要落到村：“$1”不是 ref village",
	[MSG_MIRROR_FIELD] = "表单“$1”里没有字段“$2”，mirror 无处可写",
	[MSG_HISTORY_FORM] =
	    "history 用的表单“$1”要有 of = $2 和字段 category starts_on ends_on",
	[MSG_OTHER_FIELD] =
	    "or_other 要用在 ref 字段上，写一个装得下名字的 text 字段：“$1”不是",
	[MSG_OF_CYCLE] = "of 绕成了圈：“$1”最后又属于它自己",
	[MSG_REMOVED_FIELD] = "字段“$1”已经在用，不能删掉；"
	    "不想再填请保留它并加上 relevant = 0",
	[MSG_REMOVED_FORM] =
	    "表单“$1”已经在用，不能删掉文件；请把 $1.form 放回来",
	[MSG_REMOVED_CODE] = "代码表“$1”里的“$2”已经在用，不能删掉；"
	    "请放回来，不再用的可以写 valid_to",
	[MSG_CHANGED_TYPE] = "字段“$1”已经在用，类型不能从 $2 改成 $3；"
	    "请另加一个新字段",
	[MSG_CHANGED_LIST] = "字段“$1”已经在用，不能从“$2”换到“$3”；"
	    "请另加一个新字段",

	[MSG_LABEL_WIDE] = "标题“$1”宽 $2 列，超过 20 列，屏幕上会被截短",
	[MSG_LABEL_SAME] = "标题“$1”和字段 $2 的一样，导入时分不清",
	[MSG_PAGE_EMPTY] = "分组“$1”里没有字段",
	[MSG_PAGE_LONG] = "分组“$1”有 $2 个字段，一屏放不下，请分成两组",
	[MSG_STATE_UNREACHABLE] = "状态“$1”没有一步能走到",
	[MSG_MOVE_FROM_ITSELF] = "这一步从“$1”走到“$1”，等于没动",
	[MSG_CAPTURE] = "子查询里的“$1”指的是“$2”的列；"
	    "要用本记录的请写 this.$1，否则请写 $2.$1",
	[MSG_LABEL_SEPARATOR] =
	    "名称“$1”里有分号或逗号，导入多选时会被拆开，请换一种写法",
	[MSG_REQUIRED_IRRELEVANT] = "“$1”必填，却永远不显示",
	[MSG_REQUIRED_CALCULATE] = "“$1”是算出来的，不用写 required",
	[MSG_REQUIRED_READONLY] =
	    "“$1”必填却只读，又没有默认值或算式，永远填不上",
	[MSG_NO_LIST] = "[form] 里没有 list，列表将显示前几个字段",
	[MSG_CHECK_NO_MESSAGE] =
	    "“$1”的 $2 没有写提示，填的人会不知道错在哪里",
	[MSG_CONSTRAINT_TIGHTER] = "新的 constraint 有 $1 条旧记录不符合，"
	    "改好之前暂不生效：$2",
	[MSG_CHANGED_LABEL] = "代码表“$1”的“$2”改了名称：原来是“$3”",
	[MSG_CONDITION_NO_MESSAGE] =
	    "[move $1] 有 condition 却没有 condition_message",
	[MSG_EXPR_CONSTANT] = "这个表达式没有用到任何字段，结果永远一样",
};

bool
msg_is_warning(enum msg id)
{
	return id > MSG_WARNING;
}

static char *
fill(const char *sentence, const char *const *args)
{
	struct str s = STR_INIT;
	const char *p, *next;

	for (p = sentence; (next = strchr(p, '$')) != NULL; p = next + 2) {
		str_addn(&s, p, (size_t)(next - p));
		str_add(&s, args[next[1] - '1']);
	}
	str_add(&s, p);
	return str_take(&s);
}

static bool
is_known(const struct messages *ms, const struct message *m)
{
	size_t i;

	for (i = 0; i < ms->n; i++)
		if (ms->v[i].id == m->id && ms->v[i].line == m->line &&
		    ms->v[i].col == m->col &&
		    str_eq(ms->v[i].file, m->file) &&
		    str_eq(ms->v[i].text, m->text))
			return true;
	return false;
}

void
messages_add(struct messages *ms, enum msg id, const char *file, int line,
    int col, const char *a, const char *b, const char *c)
{
	const char *args[3] = { a, b, c };
	struct message m = { .id = id, .line = line, .col = col };

	if (!msg_is_warning(id) && ms->errors >= MESSAGES_MAX) {
		ms->full = true;
		return;
	}
	m.file = xstrdup(file);
	m.text = fill(sentences[id], args);
	if (is_known(ms, &m)) {
		free(m.file);
		free(m.text);
		return;
	}
	ms->v = mem_grow(ms->v, ms->n, &ms->cap, sizeof *ms->v);
	ms->v[ms->n++] = m;
	if (!msg_is_warning(id))
		ms->errors++;
}

void
messages_done(struct messages *ms)
{
	size_t i;

	for (i = 0; i < ms->n; i++) {
		free(ms->v[i].file);
		free(ms->v[i].text);
	}
	free(ms->v);
	*ms = (struct messages)MESSAGES_INIT;
}

static int
by_place(const void *pa, const void *pb)
{
	const struct message *a = pa, *b = pb;
	int d = strcmp(a->file, b->file);

	if (d == 0)
		d = (a->line > b->line) - (a->line < b->line);
	if (d == 0)
		d = (a->col > b->col) - (a->col < b->col);
	if (d == 0)
		d = (a->id > b->id) - (a->id < b->id);
	return d == 0 ? strcmp(a->text, b->text) : d;
}

void
messages_sort(struct messages *ms)
{
	if (ms->n > 1)
		qsort(ms->v, ms->n, sizeof *ms->v, by_place);
}

void
message_format(const struct message *m, struct str *out)
{
	str_add(out, m->file);
	if (m->line > 0)
		str_addf(out, ":%d:%d", m->line, m->col);
	str_add(out, msg_is_warning(m->id) ? ": 警告：" : ": ");
	str_add(out, m->text);
}

int
messages_first(const struct messages *ms, struct err *e)
{
	struct str s = STR_INIT;
	const struct message *first = NULL, *m;
	size_t i;
	int rc;

	for (i = 0; i < ms->n; i++) {
		m = &ms->v[i];
		if (!msg_is_warning(m->id) &&
		    (first == NULL || by_place(m, first) < 0))
			first = m;
	}
	if (first == NULL)
		return 0;
	message_format(first, &s);
	rc = err_set(e, E_FORMAT, "%s", s.buf);
	str_done(&s);
	return rc;
}
