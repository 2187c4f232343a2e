-- What the audit finds, as somebody would ask for it who knows the tables:
-- the rules that look at every child or every visit, one after the other.
CREATE TEMP VIEW kid AS SELECT * FROM child WHERE deleted = 0
	AND registered_on <= '{today}' AND (left_on IS NULL OR left_on > '{today}');
SELECT what, who, v.name, why FROM (
SELECT 10 AS rank, '监护未落实' AS what, name AS who, village, '' AS why FROM kid
	WHERE age(birth_date, '{today}') < 18
	AND ((lives_alone = 'yes' AND age(birth_date, '{today}') < 16)
	OR (care_kind = 'none' AND coalesce(placement, 'none') = 'none')
	OR (guardian_name IS NULL AND coalesce(placement, 'none') = 'none'
		AND (instr(category, ';orphan;') OR instr(category, ';de_facto_unsupported;')
			OR instr(category, ';guardianship;')))
	OR EXISTS (SELECT 1 FROM guardian g WHERE g.child = kid.uid AND g.deleted = 0
		AND g.is_current = 'yes' AND g.status IN ('dead', 'missing', 'out_of_contact',
			'in_prison', 'compulsory_rehab', 'restricted', 'revoked', 'deported')))
UNION ALL SELECT 12, '监护人已死亡', k.name, k.village, g.name FROM guardian g JOIN kid k ON k.uid = g.child
	WHERE g.deleted = 0 AND g.is_current = 'yes' AND g.status = 'dead'
UNION ALL SELECT 14, '退出后还在发放', c.name, c.village, b.kind FROM benefit b JOIN child c ON c.uid = b.child
	WHERE b.deleted = 0 AND c.deleted = 0 AND c.left_on <= '{today}'
	AND (b.ends_on IS NULL OR substr(b.ends_on, 1, 7) > substr(c.left_on, 1, 7))
UNION ALL SELECT 16, '证件号码重复', c.name, c.village, d.name FROM child c
	JOIN child d ON d.id_number = c.id_number AND d.uid <> c.uid WHERE c.deleted = 0 AND d.deleted = 0
UNION ALL SELECT 18, '监护人未成年', k.name, k.village, g.name FROM guardian g JOIN kid k ON k.uid = g.child
	WHERE g.deleted = 0 AND g.is_current = 'yes'
	AND age(coalesce(g.birth_date, id_birth(g.id_number)), '{today}') < 18
UNION ALL SELECT 20, '孩子被当作监护人', k.name, k.village, g.name FROM guardian g JOIN kid k ON k.uid = g.child
	JOIN kid x ON x.id_number = g.id_number WHERE g.deleted = 0 AND age(x.birth_date, '{today}') < 18
UNION ALL SELECT 22, '死者签字', k.name, k.village, g.name FROM agreement a JOIN kid k ON k.uid = a.child
	JOIN guardian g ON g.child = k.uid AND g.status = 'dead' AND g.status_from < a.signed_on
	WHERE a.deleted = 0 AND g.deleted = 0 AND g.name IN (a.principal_one, a.principal_two, a.carer)
UNION ALL SELECT 30, '证件号码校验不对', name, village, '' FROM kid WHERE NOT id_valid(id_number)
UNION ALL SELECT 32, '性别与证件不符', name, village, id_sex(id_number) FROM kid WHERE sex <> id_sex(id_number)
UNION ALL SELECT 32, '出生与证件不符', name, village, id_birth(id_number) FROM kid WHERE birth_date <> id_birth(id_number)
UNION ALL SELECT 34, '残疾证与证件不符', name, village, '' FROM kid WHERE substr(disability_no, 1, 18) <> id_number
UNION ALL SELECT 34, '残疾证与等级不符', name, village, '' FROM kid WHERE substr(disability_no, 20, 1) <> disability_level
UNION ALL SELECT 36, '写健康却是残疾', name, village, '' FROM kid
	WHERE health = 'healthy' AND (instr(category, ';disabled;') OR disability_no IS NOT NULL)
UNION ALL SELECT 38, '有待遇没有类别', k.name, k.village, b.kind FROM benefit b JOIN kid k ON k.uid = b.child
	WHERE b.deleted = 0 AND b.starts_on <= '{today}' AND (b.ends_on IS NULL OR b.ends_on >= '{today}')
	AND ((b.kind = 'orphan' AND NOT instr(k.category, ';orphan;'))
	OR (b.kind = 'de_facto' AND NOT instr(k.category, ';de_facto_unsupported;')))
-- from here on nothing is urgent
UNION ALL SELECT 50, '超龄', name, village, age(birth_date, '{today}') FROM kid
	WHERE (instr(category, ';left_behind;') AND age(birth_date, '{today}') >= 16)
	OR (age(birth_date, '{today}') >= 18 AND coalesce(study_status, '') <> 'in_school')
UNION ALL SELECT 52, '兄弟姐妹说法不一', k.name, k.village, g.name FROM guardian g
	JOIN guardian h ON h.id_number = g.id_number AND h.child <> g.child AND h.uid > g.uid
	JOIN kid k ON k.uid = g.child JOIN kid x ON x.uid = h.child
	WHERE g.deleted = 0 AND h.deleted = 0 AND coalesce(g.status, 'normal') <> coalesce(h.status, 'normal')
UNION ALL SELECT 54, '兄弟姐妹说法不一', k.name, k.village, x.name FROM kid k
	JOIN kid x ON x.guardian_phone = k.guardian_phone AND x.guardian_name = k.guardian_name
	AND x.uid > k.uid WHERE x.village <> k.village
UNION ALL SELECT 60, '走访文字雷同', k.name, k.village, s.findings FROM (
	SELECT findings, count(DISTINCT child) AS n, max(uid) AS last FROM visit
	WHERE deleted = 0 AND visit_date > date('{today}', '-180 days') AND length(findings) >= 6
	GROUP BY findings, created_by HAVING n >= 3) s JOIN visit v ON v.uid = s.last JOIN kid k ON k.uid = v.child
UNION ALL SELECT 62, '一天走访太多', coalesce(t.name, s.visitor_name), NULL, s.visit_date || ' 入户 ' || s.n || ' 户' FROM (
	SELECT visitor, visitor_name, visit_date, count(DISTINCT child) AS n FROM visit
	WHERE deleted = 0 AND method = 'home' AND visit_date > date('{today}', '-180 days')
	AND coalesce(visitor, visitor_name) IS NOT NULL
	GROUP BY visitor, visitor_name, visit_date HAVING n > 12) s LEFT JOIN staff t ON t.uid = s.visitor
UNION ALL SELECT 70, '久未更新', name, village, touched FROM (
	SELECT name, village, max(substr(updated_at, 1, 10), registered_on, coalesce(
		(SELECT max(visit_date) FROM visit v WHERE v.child = kid.uid AND v.deleted = 0
			AND v.visit_date <= '{today}'), '')) AS touched FROM kid)
	WHERE touched < date('{today}', '-90 days')
UNION ALL SELECT 80, '未采集', name, village, gaps FROM (SELECT name, village,
	iif(guardian_name IS NULL, '监护人 ', '') || iif(health IS NULL, '健康 ', '') ||
	iif(study_status IS NULL, '学业 ', '') || iif(hukou_kind IS NULL, '户籍性质 ', '') ||
	iif(care_kind IS NULL, '实际照护', '') AS gaps FROM kid) WHERE gaps <> ''
) LEFT JOIN village v ON v.uid = village ORDER BY rank, what, who;
