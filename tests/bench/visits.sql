-- :per visits a child in about two years, most of them seen, many with a text.
INSERT INTO visit(uid, rv, site, created_at, created_by, updated_at, updated_by, deleted,
	child, visit_date, method, seen_child, visitor_name, mood, findings)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :per),
k AS (SELECT uid, site, village, row_number() OVER (ORDER BY uid) AS r FROM child)
SELECT printf('%08x-%04x-7000-8000-%012x', 26000000 + r, i, r * 4096 + i), printf('%08x%08x', r, i), site,
	'2026-01-01T00:00:00Z', 'a', '2026-01-01T00:00:00Z', 'a', 0, uid,
	date(:today, '-2 days', '-' || (i * (700 / :per) + (r * 37) % 140) || ' days'), 'home',
	CASE WHEN (r + i) % 9 THEN 'yes' ELSE 'no' END, '访' || substr(village, -3), '2',
	CASE WHEN (r + i) % 3 THEN '家里平安，学习正常，第' || r || '号第' || i || '次' END FROM k, n;
