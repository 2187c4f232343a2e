/* SQL functions of this program.  They are also built as a loadable
 * extension (build/tongji_sql.so), so that the plain sqlite3 program can run
 * our indicator SQL; that is why this header takes bare sqlite3 handles.
 *
 *   age(birth, on)   whole years, NULL if a date is missing
 *   id_valid(no)     1/0      id_birth(no)  date or NULL
 *   id_sex(no)       '1'/'2' or NULL      pinyin(name)  initials */
#ifndef TONGJI_FUNC_H
#define TONGJI_FUNC_H

/* Register the functions above on a sqlite3 handle; 0 or -1. */
int func_register(void *handle);

/* Register one more: `fn` takes text arguments (NULL for NULL) and answers
 * through func_text/func_int/func_null.  Deterministic functions only.
 * Returns 0 or -1. */
struct func_call;
typedef void func_body(struct func_call *c, int n, const char *const *arg,
    void *user);
int func_add(void *handle, const char *name, int nargs, func_body *fn,
    void *user);
void func_text(struct func_call *c, const char *v);	/* copied; NULL → NULL */
void func_int(struct func_call *c, long v);

#endif
