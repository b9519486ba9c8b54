#!/usr/bin/env python3
"""Computes random payrolls a second time, with exact fractions, from the written rules (docs/payroll-costing.md), and
compares every journal line with what ml-connector plans.

    recompute.py BINARY [--people 2000] [--seed 1]

Each person gets a journal of their own (one_per: person), so one run compares as many payrolls as there are people.
Prints the seed; ends with 1 at the first difference.
"""
import argparse, csv, json, pathlib, random, subprocess, sys, tempfile
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

ONE = timedelta(days=1)
DEPARTMENTS = ["Sales", "Plant", "Office", "Lab"]
LOCATIONS = ["WA", "MN", "CA"]
A_YEAR = {"Year": 1, "Quarter": 4, "Month": 12, "Week": 52, "Day": 260}
SCHEDULES = {"Twice a month": ("semi-monthly", 24), "Every other week": ("biweekly", 26)}
# Code of hours: the earning's account, times the rate, whether beside regular pay, whether it counts for overtime.
CODES = {"Night": ("5130", Fraction("1.25"), False, True), "Holiday": ("5140", Fraction("0.5"), True, True),
         "Standby": ("5145", Fraction("0.25"), False, False)}
# Project, task: department and code of its hours; empty is the person's own, or plain hours.
PROJECTS = {("Bridge", "*"): ("Plant", ""), ("Bridge", "Watch"): ("Office", "Night"), ("Third", "*"): ("", "Standby")}
EARNINGS = ["5100", "5110", "5120", "5130", "5140", "5145"]  # as a journal names them: the rules' own, then the customer's
DIGITS, RATES = {"USD": 2, "EUR": 2, "JPY": 0}, {"EUR": Fraction("1.3591"), "JPY": Fraction("0.0098")}
TAX, SUTA, BASE, HEALTH = Fraction("0.0765"), Fraction("0.027"), 700000, Fraction("310.55")


# ---------------------------------------------------------------- the rules, in exact arithmetic

def half_away(x):
    """Rounds to a whole number, half away from zero."""
    sign, x = (-1 if x < 0 else 1), abs(x)
    whole = x.numerator // x.denominator
    return sign * (whole + (1 if x - whole >= Fraction(1, 2) else 0))


def largest_remainder(total, weights):
    """Weights of one sign; ties go to the earlier."""
    if total < 0:
        return [-part for part in largest_remainder(-total, weights)]
    weights = [abs(w) for w in weights]
    if sum(weights) == 0:
        return [total if at == 0 else 0 for at in range(len(weights))]
    shares = [Fraction(total) * w / sum(weights) for w in weights]
    parts = [s.numerator // s.denominator for s in shares]
    order = sorted(range(len(parts)), key=lambda at: (-(shares[at] - parts[at]), at))
    for at in order[: total - sum(parts)]:
        parts[at] += 1
    return parts


def distribute(total, weights, scale):
    """`scale` × the weights' sum is the unrounded total. Weights of both signs are distributed apart."""
    if len(weights) == 1:
        return [total]
    if not (any(w > 0 for w in weights) and any(w < 0 for w in weights)):
        return largest_remainder(total, weights)
    above = half_away(sum(w for w in weights if w > 0) * scale)
    plus = largest_remainder(above, [max(w, 0) for w in weights])
    minus = largest_remainder(total - above, [min(w, 0) for w in weights])
    return [p + m for p, m in zip(plus, minus)]


class Stretch:
    """The days that are booked, and the pay period they are of: a month, or a fortnight up to the month end inside it."""

    def __init__(self, rng):
        year, month = rng.randint(2009, 2015), rng.randint(1, 12)
        self.last = date(year + month // 12, month % 12 + 1, 1) - ONE
        self.accrues = rng.random() < 0.3
        if self.accrues:
            self.first = self.last - ONE * rng.randint(3, 12)
            self.whole_last, self.a_year = self.first + ONE * 13, 26
            ends = self.whole_last - date(self.whole_last.year, 1, 1)
            self.code = f"{self.whole_last.year}-P{ends.days // 14 + 1:02}"
        else:
            self.first, self.whole_last, self.a_year = date(year, month, 1), self.last, 12
            self.code = f"{year:04}-{month:02}"


WEEK = [Fraction(h) for h in ("8", "8", "7.5", "8", "4.25", "0", "2")]
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()


class Days:
    """What the days of one person count: by their own week and the holidays of where they are. Days on which they are not
    employed count as the nearest day before that they are, or the first."""

    def __init__(self, company, person, segments):
        self.company, self.person, self.segments = company, person, segments
        first, last = company.first, company.whole_last
        self.every_day = all(self.scheduled(first + ONE * n) == 0 for n in range((last - first).days + 1))

    def job(self, day):
        begun = [segment for segment in self.segments if segment[1] <= day]
        return (begun or self.segments)[-1 if begun else 0][3]

    def hours(self, day):
        """Of a whole day's work."""
        keys = {"number": str(self.person["id"]), "department": self.job(day)["department"], "*": "*"}
        fits = [row for row in self.company.weeks[1] if row[0] in (keys[self.company.weeks[0]], "*") and row[2] <= day <= row[3]]
        week = max(fits, key=lambda row: row[0] != "*")[1] if fits else WEEK
        return week[day.weekday()]

    def scheduled(self, day):
        if self.company.holidays.get(day, "none") in ("*", self.job(day)["location"]):
            return Fraction(0)
        if self.company.prorate == "hours":
            return self.hours(day)
        return Fraction(1 if self.company.prorate == "calendar days" or day.weekday() < 5 else 0)

    def unit(self, day):
        """What a day counts in the proration; where no day of the period does, every day."""
        return Fraction(1) if self.every_day else self.scheduled(day)

    def units(self, first, last):
        return sum(self.unit(first + ONE * n) for n in range((last - first).days + 1))

    def unpaid(self, off, first, last):
        """Units of unpaid leave: a day never more than itself."""
        days = defaultdict(Fraction)
        for row in off:
            if row["type"] == "Unpaid" and first <= row["date"] <= last:
                hours = self.hours(row["date"]) or 8
                days[row["date"]] += row["amount"] / hours if row["unit"] == "hours" else row["amount"]
        return sum(min(taken, 1) * self.unit(day) for day, taken in days.items())


class Company:
    def __init__(self, table, shares, weeks, holidays, prorate, stretch, overtime_at, threshold, converts, before):
        self.converts, self.before = converts, before
        self.table, self.shares, self.weeks, self.holidays = table, shares, weeks, holidays
        self.prorate, self.first, self.last = prorate, stretch.first, stretch.last
        self.whole_last, self.a_year = stretch.whole_last, stretch.a_year
        self.overtime_at, self.threshold = overtime_at, threshold

    def split(self, department, day):
        """The valid rows of a department's split: (row, to department, percent)."""
        return [(at, row[1], row[2]) for at, row in enumerate(self.shares)
                if row[0] == department and row[3] <= day <= row[4]]

    def cost_centre(self, department, location, day):
        """(row, value): the most specific row whose days contain `day`."""
        fits = [(at, row) for at, row in enumerate(self.table)
                if row[0] in (department, "*") and row[1] in (location, "*") and row[3] <= day <= row[4]]
        return max(fits, key=lambda hit: (hit[1][0] != "*") + (hit[1][1] != "*")) if fits else None

    def person(self, person, jobs, pays, statuses, hours, off, payments):
        """The signed balance of each account of each currency, in its minor units."""
        def in_force(rows, day):
            seen = [r for r in rows if r["date"] <= day and r["date"] <= self.last]
            return max(seen, key=lambda r: (r["date"], r["row_id"])) if seen else None

        segments = []  # [key, first, last, job, pay, cost centre]
        day = self.first
        while day <= self.last:
            job, pay, status = in_force(jobs, day), in_force(pays, day), in_force(statuses, day)
            if employed(person, statuses, day) and not (status and status["status"] == "Contractor"):
                split = self.split(job["department"], day)
                # Who is shared is looked up for each share, and not at home.
                homes = [(row, percent, self.cost_centre(to, job["location"], day)) for row, to, percent in split]
                homes = homes or [(None, 100, self.cost_centre(job["department"], job["location"], day))]
                key = (pay["type"], pay["rate"], pay["per"], pay["currency"], pay["schedule"], job["department"], job["location"],
                       tuple((row, centre[0]) for row, _, centre in homes))
                if segments and segments[-1][0] == key and segments[-1][2] + ONE == day:
                    segments[-1][2] = day
                else:
                    segments.append([key, day, day, job, pay, [(row, percent, centre[1][2]) for row, percent, centre in homes]])
            day += ONE
        # Of each earning and currency its parts: cost centre, exact amount, number of the segment.
        parts = {(account, currency): [] for account in EARNINGS for currency in DIGITS}
        if not segments:
            return {}
        counted = Days(self, person, segments)
        whole = counted.units(self.first, self.whole_last)
        over = self.overtime(person, pays, statuses, hours, in_force)
        for number, segment in enumerate(segments):
            _, start, end, job, pay, homes = segment
            own = {kind: {} for kind in parts}

            def book(account, amount, named=None, currency=pay["currency"]):
                """At home by its shares, or whole where the hours say; what is booked the same way is one part."""
                for row, percent, value in homes if named is None else [(None, 100, named)]:
                    slot = own[account, currency].setdefault((row, value), [value, Fraction(0)])
                    slot[1] += amount * percent / 100

            if pay["type"] == "Salary":
                times = SCHEDULES[pay["schedule"]][1] if pay["per"] == "Pay Period" else A_YEAR[pay["per"]]
                days = counted.units(start, end) - counted.unpaid(off, start, end)
                book("5100", Fraction(pay["rate"]) * times / self.a_year * days / whole)
            else:
                for row in hours:
                    if not start <= row["date"] <= end:
                        continue
                    department, location = row["department"] or job["department"], row["location"] or job["location"]
                    at_home = (department, location) == (job["department"], job["location"])
                    named = None if at_home else self.cost_centre(department, location, row["date"])[1][2]
                    extra = over.get(row["row_id"], Fraction(0))
                    account, factor, on_top, _ = CODES.get(row["code"], ("", 0, True, True))
                    booked = [("5100", row["hours"] - extra, 1), ("5110", extra, self.overtime_at)] if on_top else []
                    for account, amount, factor in booked + ([(account, row["hours"], factor)] if account else []):
                        if amount:
                            book(account, Fraction(pay["rate"]) * factor * amount, named)
                for row in off:
                    if row["type"] == "Vacation" and start <= row["date"] <= end:
                        taken = row["amount"] * (1 if row["unit"] == "hours" else counted.hours(row["date"]))
                        book("5100", Fraction(pay["rate"]) * taken)
            for row in payments:
                if start <= row["date"] <= end:
                    book("5120", row["amount"], currency="USD")
            for kind, slots in own.items():
                parts[kind] += [(value, amount, number) for value, amount in slots.values()]
        shares = []  # (debit account, credit account, currency, cost centre, exact amount, minor units)
        for (account, currency), of in parts.items():
            exact = [amount * 10 ** DIGITS[currency] for _, amount, _ in of]
            rounded = distribute(half_away(sum(exact)), exact, 1)
            shares += [(account, "2100", currency, centre, amount, minor)
                       for (centre, amount, _), minor in zip(of, rounded)]
        for currency in DIGITS:
            self.burdens(person, parts, currency, counted.units(self.first, self.last) / whole, shares)
        return self.lines(self.converted(shares) if self.converts else shares)

    def burdens(self, person, parts, currency, accrued, shares):
        """A tax of gross, an insurance of the year's first 7,000.00 of wages without bonus, an amount per head."""
        earned = [share for share in shares if share[1] == "2100" and share[2] == currency]

        def follow(debit, credit, accounts, total_and_scale, fixed=False):
            order = first_seen({kind: of for kind, of in parts.items() if kind[1] == currency and kind[0] in accounts})
            wages = [sum(s[5] for s in earned if s[3] == centre and s[0] in accounts) for centre in order]
            if not order:
                return
            total, scale = total_and_scale(sum(wages))
            if fixed and any(wage > 0 for wage in wages):
                order, wages = zip(*[(c, w) for c, w in zip(order, wages) if w >= 0])
            weights = [wage * scale for wage in wages]
            if fixed:  # an amount is no share of wages: it is shared out in their proportion
                weights = [Fraction(total * abs(w), sum(map(abs, wages)) or 1) for w in wages]
            rounded = distribute(total, weights, 1)
            shares.extend((debit, credit, currency, centre, weight / 10 ** DIGITS[currency], minor)
                          for centre, weight, minor in zip(order, weights, rounded))

        follow("5150", "2110", EARNINGS, lambda wages: (half_away(wages * TAX), TAX))
        if currency != "USD":
            return
        # The table's wages are of the year that its last day lies in; a period is of the year of its own last day.
        in_year = (self.first - ONE).year == self.whole_last.year
        used = self.before.get(person["id"], 0) if in_year else 0
        within = lambda wages: min(used + wages, BASE) - min(used, BASE)
        follow("5160", "2111", [a for a in EARNINGS if a != "5120"],
               lambda wages: (half_away(within(wages) * SUTA), SUTA * Fraction(within(wages or 1), wages or 1)))
        follow("5170", "2112", EARNINGS, lambda _: (half_away(HEALTH * 100 * accrued), 0), fixed=True)

    def converted(self, shares):
        """Each total is brought into dollars and rounded once, then shared out again."""
        kept = [share for share in shares if share[2] == "USD"]
        for kind in {(s[0], s[2]): None for s in shares if s[2] != "USD"}:
            own = [s for s in shares if (s[0], s[2]) == kind]
            rate = RATES[kind[1]]
            total = half_away(Fraction(sum(s[5] for s in own), 10 ** DIGITS[kind[1]]) * rate * 100)
            rounded = distribute(total, [s[4] * 100 for s in own], rate)
            kept += [(s[0], s[1], "USD", s[3], s[4], minor) for s, minor in zip(own, rounded)]
        return kept

    def lines(self, shares):
        balances = defaultdict(lambda: defaultdict(int))
        for debit, credit, currency, centre, _, minor in shares:
            balances[currency][f"{debit}-{centre}"] += minor
            balances[currency][f"{credit}-0000"] -= minor
        lines = {currency: {a: minor for a, minor in of.items() if minor} for currency, of in balances.items()}
        return {currency: of for currency, of in lines.items() if of}

    def overtime(self, person, pays, statuses, hours, in_force):
        """Hours above the threshold of each Monday-to-Sunday week, the latest first: row id → hours."""
        weeks, over = defaultdict(list), {}
        for row in hours:
            pay = in_force(pays, row["date"])
            counts = CODES[row["code"]][3] if row["code"] else True
            if counts and pay and pay["type"] == "Hourly" and employed(person, statuses, row["date"]):
                weeks[row["date"] - ONE * row["date"].weekday()].append(row)
        for rows in weeks.values():
            excess = sum(r["hours"] for r in rows) - self.threshold
            for row in sorted(rows, key=lambda r: (r["date"], r["row_id"]), reverse=True):
                if excess <= 0:
                    break
                # What its code pays instead of regular hours is never overtime as well.
                if row["hours"] > 0 and (not row["code"] or CODES[row["code"]][2]):
                    over[row["row_id"]] = min(row["hours"], excess)
                    excess -= over[row["row_id"]]
        return over


def employed(person, statuses, day):
    """Hire and termination date are paid days. A `Terminated` row is the last paid day of its employment, the next row
    begins another; before the hire date only an employment that such a row ended counts. Who left and was hired again on
    the hire date has that row on it."""
    rows = sorted((s for s in statuses), key=lambda s: (s["date"], s["row_id"]))
    again = rows and [s["status"] for s in rows if s["date"] == person["hire"]]
    back_at_once = again and again[-1] != "Terminated" and "Terminated" in again
    state = "Terminated"
    if day >= person["hire"]:
        if person["left"] and person["left"] >= person["hire"] and day > person["left"]:
            return False
        state, since = "on", person["hire"]
        for row in rows:
            if row["date"] >= person["hire"] and row["date"] <= day:
                if row["status"] == "Terminated":
                    if state == "on":
                        state, since = "off", row["date"]
                else:
                    state = "on"
        return state == "on" or day == since
    begun = None
    for row in rows:
        if row["date"] > person["hire"] or row["date"] == person["hire"] and not back_at_once:
            break
        if row["status"] != "Terminated":
            begun = begun or row["date"]
        elif begun:
            if begun <= day <= row["date"]:
                return True
            begun = None
    return False


def of_project(row):
    """Hours with what their project says where they say nothing themselves; other projects than the table's are at home."""
    project, task = row["project"]
    department, code = PROJECTS.get((project, task)) or PROJECTS.get((project, "*")) or ("", "")
    return {**row, "department": row["department"] or department, "code": row["code"] or code}


def first_seen(parts):
    """Cost centres by the first segment that they occur in; of one segment in the order in which they were booked."""
    order, first = [], {}
    for account in parts:
        for centre, _, segment in parts[account]:
            if centre not in first:
                order.append(centre)
            first[centre] = min(first.get(centre, segment), segment)
    return sorted(order, key=lambda centre: first[centre])


# ---------------------------------------------------------------- random companies

def money(rng, low, high, digits):
    return Decimal(rng.randint(low * 10**digits, high * 10**digits)) / 10**digits


def table(rng, first, last):
    """Department × location with dated rows; some change in the middle of the month."""
    rows, early, late = [], date(2000, 1, 1), date(2099, 12, 31)
    for d, department in enumerate(DEPARTMENTS):
        for l, location in enumerate(LOCATIONS):
            code = f"{d + 1}{l + 1}00"
            if rng.random() < 0.3:
                change = first + ONE * rng.randint(1, (last - first).days)
                rows += [(department, location, code, early, change - ONE), (department, location, code[:3] + "1", change, late)]
            elif rng.random() < 0.8:
                rows.append((department, location, code, early, late))
        rows.append((department, "*", f"{d + 1}900", early, late))
    return rows


def shares(rng, first, last):
    """The lab works for others, by percent; the shares may change in the middle of the month."""
    early, late, rows = date(2000, 1, 1), date(2099, 12, 31), []
    change = first + ONE * rng.randint(1, (last - first).days)
    for begin, end in [(early, change - ONE), (change, late)] if rng.random() < 0.5 else [(early, late)]:
        cut = sorted(rng.sample(range(1, 1000), 2))
        percents = [Fraction(p, 10) for p in (cut[0], cut[1] - cut[0], 1000 - cut[1])]
        rows += [("Lab", to, percent, begin, end) for to, percent in zip(["Sales", "Plant", "Lab"], percents)]
    return rows


def weeks(rng, count, first, last):
    """What the rows of work weeks are of, and (key, hours, first day, last day): of some people or departments."""
    kind = rng.choice(["*", "number", "department"])
    early, late, rows = date(2000, 1, 1), date(2099, 12, 31), []
    if kind == "*":
        return kind, rows
    week = lambda: [Fraction(rng.choice([0, 8, 8, 16, 30]), 4) for _ in range(6)] + [Fraction(rng.randint(1, 4))]
    for key in [str(at) for at in range(1, count + 1)] if kind == "number" else DEPARTMENTS:
        if rng.random() < 0.3:
            change = first + ONE * rng.randint(1, (last - first).days)
            rows += [(key, week(), early, change - ONE), (key, week(), change, late)]
        elif rng.random() < 0.5:
            rows.append((key, week(), early, late))
    return kind, rows + [("*", week(), early, late)] * (rng.random() < 0.3 or not rows)


def time_and_payments(rng, rows, first, last):
    """Days off and bonuses of whoever is employed on that day."""
    rows["time_off"], rows["payments"] = [], []
    statuses = defaultdict(list)
    for row in rows["employment_rows"]:
        statuses[row["employee_id"]].append(row)
    number = 10**9
    for person in rows["employees"]:
        for _ in range(rng.choice([0, 0, 1, 3])):
            day, number = first + ONE * rng.randint(0, (last - first).days), number + 1
            if not employed(person, statuses[person["id"]], day):
                continue
            if rng.random() < 0.4:
                rows["payments"].append({"row_id": number, "employee_id": person["id"], "date": day,
                                         "amount": Fraction(rng.randint(-20000, 200000), 100)})
            else:
                unit = rng.choice(["hours", "days"])
                amount = Fraction(rng.randint(1, 16), 4) if unit == "hours" else Fraction(rng.choice([1, 2]), 2)
                rows["time_off"].append({"row_id": number, "employee_id": person["id"], "date": day, "unit": unit,
                                         "type": rng.choice(["Vacation", "Unpaid"]), "amount": amount})


def people(rng, count, first, last, hourly_places):
    rows = {"employees": [], "job_rows": [], "compensation_rows": [], "employment_rows": [], "hours": []}
    number = iter(range(1, 10**9))
    for at in range(1, count + 1):
        hire = first - ONE * rng.randint(1, 900) if rng.random() < 0.85 else first + ONE * rng.randint(0, 20)
        left = hire + ONE * rng.randint(0, 40) + (first - hire if hire < first else ONE * 0) if rng.random() < 0.15 else None
        rows["employees"].append({"id": at, "hire": hire, "left": left})
        dates = lambda n: sorted({hire} | {first + ONE * rng.randint(-20, 40) for _ in range(n)})
        for day in dates(rng.choice([0, 0, 1, 2])):
            for _ in range(2 if rng.random() < 0.05 else 1):
                rows["job_rows"].append({"row_id": next(number), "employee_id": at, "date": day,
                                         "department": rng.choice(DEPARTMENTS), "location": rng.choice(LOCATIONS)})
        for day in dates(rng.choice([0, 0, 1, 2])):
            hourly = rng.random() < 0.4
            per = "Hour" if hourly else rng.choice([*A_YEAR, "Year", "Year", "Pay Period"])
            rows["compensation_rows"].append({
                "row_id": next(number), "employee_id": at, "date": day, "type": "Hourly" if hourly else "Salary",
                "rate": money(rng, 8, 90, 4) if hourly else money(rng, 900, 150000, rng.choice([0, 2, 2, 4])), "per": per,
                "schedule": rng.choice(list(SCHEDULES)) if per == "Pay Period" else "",
                "currency": rng.choice(["USD"] * 6 + ["EUR", "JPY"])})
        words = ["Full-Time", "Full-Time", "Part-Time", "Contractor", "Terminated"]
        back = rng.random() < 0.1  # came back: earlier rows lie before the hire date, the hire date inside the month
        for day in dates(rng.choice([1, 2, 3]) if back or rng.random() < 0.15 else 0):
            if day < hire:
                continue  # nobody has job or pay rows before that
            for _ in range(2 if rng.random() < 0.1 else 1):
                rows["employment_rows"].append({"row_id": next(number), "employee_id": at, "date": day, "status": rng.choice(words)})
        if back:
            person = rows["employees"][-1]
            dated = [r["date"] for r in rows["employment_rows"] if r["employee_id"] == at and r["date"] >= first]
            moved = rng.choice(dated) if dated and rng.random() < 0.5 else first + ONE * rng.randint(0, 20)
            person["hire"], person["left"] = max(hire, moved), None
        pays = [r for r in rows["compensation_rows"] if r["employee_id"] == at]
        statuses = [r for r in rows["employment_rows"] if r["employee_id"] == at]
        if any(r["type"] == "Hourly" for r in pays):
            day = first - ONE * 6
            while day <= last + ONE * 6:
                if employed(rows["employees"][-1], statuses, day) and rng.random() < 0.6:
                    for _ in range(rng.choice([1, 1, 1, 2])):
                        other = hourly_places and rng.random() < 0.2
                        hours = Fraction(rng.randint(1, 48), 4)
                        rows["hours"].append({
                            "row_id": next(number), "employee_id": at, "date": day,
                            "hours": -hours if rng.random() < 0.03 else hours, "code": rng.choice([""] * 9 + list(CODES)),
                            "department": rng.choice(DEPARTMENTS) if other else "", "location": "",
                            "project": rng.choice([("", "")] * 6 + [("Bridge", ""), ("Bridge", "Watch"), ("Third", "Rest"), ("Tunnel", "")])})
                day += ONE
    return rows


def write(folder, name, header, rows):
    with open(folder / f"{name}.csv", "w", newline="") as out:
        sheet = csv.writer(out)
        sheet.writerow(header)
        sheet.writerows(rows)


def write_facts(folder, rows, table_rows):
    text = lambda value: "" if value is None else str(value)
    decimal = lambda value: str(Decimal(value.numerator) / Decimal(value.denominator))
    write(folder, "employees", ["id", "number", "first_name", "last_name", "email", "hire_date", "termination_date", "status"],
          [[p["id"], p["id"], "F", "L", "", p["hire"], text(p["left"]), "Active"] for p in rows["employees"]])
    write(folder, "job_rows", ["row_id", "employee_id", "date", "department", "location"],
          [[r["row_id"], r["employee_id"], r["date"], r["department"], r["location"]] for r in rows["job_rows"]])
    write(folder, "compensation_rows", ["row_id", "employee_id", "date", "type", "rate", "paid_per", "currency", "pay_schedule"],
          [[r["row_id"], r["employee_id"], r["date"], r["type"], r["rate"], r["per"], r["currency"], r["schedule"]] for r in rows["compensation_rows"]])
    write(folder, "employment_rows", ["row_id", "employee_id", "date", "employment_status"],
          [[r["row_id"], r["employee_id"], r["date"], r["status"]] for r in rows["employment_rows"]])
    write(folder, "hours", ["row_id", "employee_id", "date", "hours", "approved", "department", "location", "earning", "project", "task"],
          [[r["row_id"], r["employee_id"], r["date"], decimal(r["hours"]), "true", r["department"], r["location"], r["code"], *r["project"]] for r in rows["hours"]])
    write(folder, "time_off", ["row_id", "employee_id", "date", "type", "amount", "unit"],
          [[r["row_id"], r["employee_id"], r["date"], r["type"], decimal(r["amount"]), r["unit"]] for r in rows["time_off"]])
    write(folder, "payments", ["row_id", "employee_id", "date", "type", "amount", "currency"],
          [[r["row_id"], r["employee_id"], r["date"], "Bonus", decimal(r["amount"]), "USD"] for r in rows["payments"]])
    codes = sorted({row[2] for row in table_rows})
    accounts = [f"{natural}-{code}" for natural in (*EARNINGS, "5150", "5160", "5170") for code in codes]
    accounts += [f"{natural}-0000" for natural in ("2100", "2110", "2111", "2112")]
    write(folder, "gp_accounts", ["account", "description", "active", "allows_entry"], [[a, "", "true", "true"] for a in accounts])
    write(folder, "gp_dimensions", ["dimension", "code", "active"], [["cost_centre", c, "true"] for c in codes])
    write(folder, "gp_periods", ["year", "period", "first_day", "last_day", "series", "closed"],
          [[y, 1, f"{y}-01-01", f"{y}-12-31", "Financial", "false"] for y in range(1999, 2031)])


def write_project(folder, table_rows, share_rows, work_weeks, holidays, prorate, threshold, at, stretch, converts, before):
    (folder / "pipelines").mkdir()
    (folder / "tables").mkdir()
    (folder / "project.yaml").write_text("format: 1\nproject: random\nabout: Random payrolls.\ntimezone: UTC\n"
        "calendar:\n" + f"  schedules: {{ fortnights: {{ every: 14 days, from: {stretch.first} }} }}\n" + "  holidays: { in: holidays }\n  week: { "
        + ", ".join(f"{day}: {Decimal(h.numerator) / h.denominator}" for day, h in zip(WEEKDAYS, WEEK)) + " }\n")
    periods, divisor = ("fortnights", "biweekly") if stretch.accrues else ("", "monthly")
    source = f"periods: {periods}" if periods else "for: previous month"
    accrue = "  accrue: { at: month end, reverse: next day }\n" if stretch.accrues else ""
    day = "" if stretch.accrues else '    date: "{{ period.last_day }}"\n'
    off = "do not count" if holidays else "count"
    kind, week_rows = work_weeks
    work_week = "  work_week: { in: work-weeks }\n" if week_rows else ""
    rates = "  rates: { in: rates, to: USD }\n" if converts else ""
    schedules = "".join(f"    {name}: {word}\n" for name, (word, _) in SCHEDULES.items())
    (folder / "pipelines/payroll.yaml").write_text(f"""format: 1
pipeline: payroll
about: Random payrolls, a journal a person.
from: {{ bamboohr: payroll-cost, {source}, take: {{ department: department, location: location }} }}
keep: employment_status != "Contractor"
look_up:
  cost_centre: {{ in: cost-centres, as_of: segment.first_day, else: hold }}
pay:
  period: {divisor}
  salaried: {{ prorate: {prorate}, holidays: {off} }}
{work_week}  hourly: {{ hours: timesheets, overtime: {{ above_weekly: {threshold}, at: {at} }}, projects: {{ in: projects, else: home }} }}
  earnings:
    bonus: {{ payments: [Bonus] }}
    night: {{ hours: [Night], at: 1.25 }}
    holiday: {{ hours: [Holiday], at: 0.5, on_top: true }}
    standby: {{ hours: [Standby], at: 0.25, counts_for_overtime: false }}
  leave: {{ paid: [Vacation], unpaid: [Unpaid] }}
  split: {{ in: shares }}
  burden:
    employer_tax: {{ rate: 7.65%, of: gross }}
    suta:
      rate: 2.7%
      of: [regular, overtime, night, holiday, standby]
      cap: {{ wages: 7000.00, currency: USD, year_starts: "01-01", before: {{ in: wages-before, until: {stretch.first - ONE} }} }}
    health: {{ per_head: 310.55, currency: USD }}
  schedules:
{schedules}make:
{rates}{accrue}  journal:
    one_per: person
    batch: "PAY{{{{ period.code }}}}"
    reference: "Payroll {{{{ period.name }}}}"
{day}    lines:
      - {{ name: wages, debit: regular, for_each: cost_centre, account: "5100-{{{{ cost_centre }}}}" }}
      - {{ name: overtime, debit: overtime, for_each: cost_centre, account: "5110-{{{{ cost_centre }}}}" }}
      - {{ name: bonus, debit: bonus, for_each: cost_centre, account: "5120-{{{{ cost_centre }}}}" }}
      - {{ name: night, debit: night, for_each: cost_centre, account: "5130-{{{{ cost_centre }}}}" }}
      - {{ name: holiday, debit: holiday, for_each: cost_centre, account: "5140-{{{{ cost_centre }}}}" }}
      - {{ name: standby, debit: standby, for_each: cost_centre, account: "5145-{{{{ cost_centre }}}}" }}
      - {{ name: suta, debit: suta, for_each: cost_centre, account: "5160-{{{{ cost_centre }}}}" }}
      - {{ name: health, debit: health, for_each: cost_centre, account: "5170-{{{{ cost_centre }}}}" }}
      - {{ name: employer tax, debit: employer_tax, for_each: cost_centre, account: "5150-{{{{ cost_centre }}}}" }}
      - {{ name: wages payable, credit: gross, account: 2100-0000 }}
      - {{ name: tax payable, credit: employer_tax, account: 2110-0000 }}
      - {{ name: suta payable, credit: suta, account: 2111-0000 }}
      - {{ name: health payable, credit: health, account: 2112-0000 }}
send: {{ to: gp general ledger, as: unposted work batch, after: approval }}
""")
    write(folder / "tables", "cost-centres", ["department", "location", "cost_centre", "valid_from", "valid_to"],
          [[d, l, c, f, t] for d, l, c, f, t in table_rows])
    write(folder / "tables", "wages-before", ["number", "wages"], [[n, Decimal(w) / 100] for n, w in before.items()])
    if converts:
        write(folder / "tables", "rates", ["currency", "rate"], [[c, Decimal(r.numerator) / r.denominator] for c, r in RATES.items()])
    percent = lambda share: Decimal(share.numerator) / share.denominator
    write(folder / "tables", "shares", ["department", "to_department", "percent", "valid_from", "valid_to"],
          [[d, to, percent(p), f, t] for d, to, p, f, t in share_rows])
    of_places = any(where != "*" for where in holidays.values())
    write(folder / "tables", "holidays", ["date", "name"] + ["location"] * of_places,
          [[day, "a holiday"] + [where] * of_places for day, where in sorted(holidays.items()) or [(date(1999, 1, 1), "*")]])
    write(folder / "tables", "projects", ["project", "task", "department", "earning"],
          [[*project, *answer] for project, answer in PROJECTS.items()])
    if week_rows:
        hours = lambda week: [Decimal(h.numerator) / h.denominator for h in week]
        write(folder / "tables", "work-weeks", [kind, *WEEKDAYS, "valid_from", "valid_to"],
              [[key, *hours(week), f, t] for key, week, f, t in week_rows])


# ---------------------------------------------------------------- comparison

def planned(binary, project, facts, stretch):
    command = [binary, "-C", str(project), "plan", "--for", stretch.code, "--facts", str(facts), "--format", "json"]
    run = subprocess.run(command, capture_output=True, text=True)
    if not run.stdout:
        sys.exit(f"no plan (exit {run.returncode}): {run.stderr[:2000]}")
    plan = json.loads(run.stdout)
    if plan["held"]:
        sys.exit(f"held: {plan['held'][:3]}")
    journals = defaultdict(dict)
    days = (str(stretch.last), str(stretch.last + ONE) if stretch.accrues else None)
    for document in plan["documents"]:
        if (document["date"], document.get("reverses_on")) != days:
            sys.exit(f"dated {document['date']}, reversed {document.get('reverses_on')}, and not {days}")
        person = document["lines"][0]["lineage"][0].split("/")[0]
        cents = lambda amount: int(Decimal(amount) * 10 ** DIGITS[document["currency"]])
        journals[int(person)][document["currency"]] = {line["account"]: cents(line["debit"]) - cents(line["credit"]) for line in document["lines"]}
    return journals


def one_company(binary, rng, count):
    stretch = Stretch(rng)
    first, last = stretch.first, stretch.last
    prorate = rng.choice(["working days", "calendar days", "hours"])
    holidays = {first + ONE * rng.randint(0, 27): rng.choice(["*", *LOCATIONS]) for _ in range(rng.choice([0, 0, 2, 3]))}
    work_weeks = weeks(rng, count, first, last)
    threshold, at = rng.choice([40, 35, 38]), rng.choice(["1.5", "2", "1.25"])
    rows = people(rng, count, first, last, hourly_places=rng.random() < 0.5)
    time_and_payments(rng, rows, first, last)
    table_rows, share_rows = table(rng, first, last), shares(rng, first, last) if rng.random() < 0.7 else []
    share_rows = share_rows or [("Nowhere", "Sales", Fraction(100), date(2000, 1, 1), date(2099, 12, 31))]
    converts = rng.random() < 0.4
    before = {p["id"]: rng.randint(0, 800000) for p in rows["employees"] if rng.random() < 0.5} or {1: 0}
    company = Company(table_rows, share_rows, work_weeks, holidays, prorate, stretch, Fraction(at), threshold, converts, before)
    grouped = {name: defaultdict(list) for name in ("job_rows", "compensation_rows", "employment_rows", "hours", "time_off", "payments")}
    for name, by_person in grouped.items():
        for row in sorted(rows[name], key=lambda r: (r["date"], r["row_id"])):
            by_person[row["employee_id"]].append(of_project(row) if name == "hours" else row)
    with tempfile.TemporaryDirectory() as scratch:
        project, facts = pathlib.Path(scratch, "project"), pathlib.Path(scratch, "facts")
        project.mkdir(), facts.mkdir()
        write_project(project, table_rows, share_rows, work_weeks, holidays, prorate, threshold, at, stretch, converts, before)
        shuffled = {name: rng.sample(kept, len(kept)) for name, kept in rows.items()}
        write_facts(facts, shuffled, table_rows)
        got = planned(binary, project, facts, stretch)
    for person in rows["employees"]:
        at = person["id"]
        expected = company.person(person, *(grouped[name][at] for name in grouped))
        if expected != got.get(at, {}):
            details = {name: grouped[name][at] for name in grouped}
            return f"person {at} of {stretch.code} ({prorate}): expected {expected}, got {got.get(at, {})}\n{person}\n{details}"
    return None


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("binary")
    args.add_argument("--people", type=int, default=2000)
    args.add_argument("--seed", type=int, default=random.SystemRandom().randint(1, 10**9))
    args = args.parse_args()
    rng, companies = random.Random(args.seed), 10
    print(f"independent recomputation: {args.people} payrolls, seed {args.seed}")
    for _ in range(companies):
        difference = one_company(args.binary, rng, args.people // companies)
        if difference:
            sys.exit(f"differs (seed {args.seed}): {difference}")
    print(f"{args.people} payrolls agree line for line")


if __name__ == "__main__":
    main()
