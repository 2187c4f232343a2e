-- Whom to visit until a week from the day, by risk and lateness.
SELECT d.name, v.name, d.risk, d.seen_on, d.due_on,
	CAST(julianday('{today}') - julianday(d.due_on) AS INTEGER) AS late,
	d.address, d.phone
FROM (SELECT c.*, min(CASE c.level WHEN 'high' THEN date(c.since, '+7 days')
		WHEN 'key' THEN date(c.since, '+1 month')
		ELSE date(c.since, '+3 months') END,
		coalesce((SELECT next_due FROM visit w WHERE w.uid = c.last), '9999')) AS due_on
	FROM (SELECT name, village, risk, address, coalesce(guardian_phone, phone) AS phone,
		coalesce(risk, 'ordinary') AS level, seen.uid AS last, seen.visit_date AS seen_on,
		coalesce(seen.visit_date, registered_on) AS since
		FROM child LEFT JOIN visit seen ON seen.uid = (SELECT w.uid FROM visit w
			WHERE w.child = child.uid AND w.seen_child = 'yes' AND w.visit_date <= '{today}'
			AND w.deleted = 0 ORDER BY w.visit_date DESC LIMIT 1)
		WHERE child.deleted = 0 AND registered_on <= '{today}'
		AND (left_on IS NULL OR left_on > '{today}')) c) d
JOIN village v ON v.uid = d.village
WHERE d.due_on <= date('{today}', '+7 days')
ORDER BY late <= 0, CASE d.level WHEN 'high' THEN 0 WHEN 'key' THEN 1 ELSE 2 END, d.due_on, d.name;
