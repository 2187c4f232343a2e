-- How many of the audit's findings are urgent: its first rules.
CREATE TEMP VIEW kid AS SELECT * FROM child WHERE deleted = 0
	AND registered_on <= '{today}' AND (left_on IS NULL OR left_on > '{today}');
SELECT count(*) FROM (
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
);
