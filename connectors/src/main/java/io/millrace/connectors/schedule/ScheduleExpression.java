package io.millrace.connectors.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronConstraint;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronField;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.QuestionMark;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads expressions in the syntax of EventBridge: rate(...), cron(...), at(...). */
final class ScheduleExpression {
    static final String ALLOWED =
            "rate(N minutes|hours|days) with the singular for 1, cron(minutes hours day-of-month"
                    + " month day-of-week year) with ? in one of the two days, or"
                    + " at(yyyy-mm-ddThh:mm:ss)";

    private static final Pattern FORM = Pattern.compile("(rate|cron|at)\\((.*)\\)");
    private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,8}) (minute|hour|day)(s?)");
    private static final Pattern AT = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}");
    private static final Pattern IN_A_LIST = Pattern.compile("\\dW|LW|#|L(,|-|$)");
    private static final Pattern NTH = Pattern.compile(".*#(\\d+)");
    private static final int DAYS_OF_MONTH = 2;
    private static final int DAYS_OF_WEEK = 4;
    private static final CronDefinition SYNTAX = syntax();

    private ScheduleExpression() {}

    /**
     * Reads an expression.
     *
     * @param anchor what a rate is counted from
     * @throws IllegalArgumentException it is none; the message says why
     */
    static DueTimes parse(String text, ZoneId zone, Instant anchor) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("it is none of rate(...), cron(...), at(...)");
        }
        String inside = form.group(2);
        return switch (form.group(1)) {
            case "rate" -> new DueTimes.Rate(anchor, period(inside));
            case "cron" -> new DueTimes.Cron(ExecutionTime.forCron(cron(inside)), zone);
            case "at" -> new DueTimes.At(at(inside, zone), zone);
            default -> throw new IllegalStateException(text);
        };
    }

    private static Duration period(String text) {
        Matcher rate = RATE.matcher(text);
        if (!rate.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no number of minutes, hours or days");
        }
        int number = Integer.parseInt(rate.group(1));
        if ((number == 1) != rate.group(3).isEmpty()) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' must be '"
                            + number
                            + " "
                            + rate.group(2)
                            + (number == 1 ? "'" : "s'"));
        }
        return switch (rate.group(2)) {
            case "minute" -> Duration.ofMinutes(number);
            case "hour" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static LocalDateTime at(String text, ZoneId zone) {
        if (!AT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no time like 2026-01-31T23:59:59");
        }
        try {
            LocalDateTime local = LocalDateTime.parse(text);
            if (zone.getRules().getValidOffsets(local).isEmpty()) {
                throw new IllegalArgumentException(
                        "'" + text + "' does not exist in " + zone + ": clocks skip it");
            }
            return local;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is not in the calendar", e);
        }
    }

    private static Cron cron(String text) {
        String[] fields = text.trim().split("\\s+", -1);
        if (fields.length > DAYS_OF_WEEK) {
            checkDays(fields[DAYS_OF_MONTH].toUpperCase(Locale.ROOT), "day-of-month");
            checkDays(fields[DAYS_OF_WEEK].toUpperCase(Locale.ROOT), "day-of-week");
        }
        try {
            return new CronParser(SYNTAX).parse(text).validate();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(reason(e), e);
        }
    }

    /** What the library takes and then reads in its own way. */
    private static void checkDays(String field, String name) {
        if (field.contains(",") && IN_A_LIST.matcher(field).find()) {
            throw new IllegalArgumentException(
                    name + " '" + field + "' has L, W or # in a list; it must stand alone");
        }
        Matcher nth = NTH.matcher(field);
        if (nth.matches() && !nth.group(1).matches("[1-5]")) {
            throw new IllegalArgumentException(
                    name
                            + " '"
                            + field
                            + "' asks for number "
                            + nth.group(1)
                            + "; allowed: 1 to 5");
        }
    }

    private static String reason(IllegalArgumentException e) {
        String text = String.valueOf(e.getMessage());
        return text.replaceFirst("^Failed to parse cron expression\\. ?", "");
    }

    private static CronDefinition syntax() {
        return CronDefinitionBuilder.defineCron()
                .withMinutes()
                .withValidRange(0, 59)
                .withStrictRange()
                .and()
                .withHours()
                .withValidRange(0, 23)
                .withStrictRange()
                .and()
                .withDayOfMonth()
                .withValidRange(1, 31)
                .supportsL()
                .supportsW()
                .supportsLW()
                .supportsQuestionMark()
                .withStrictRange()
                .and()
                .withMonth()
                .withValidRange(1, 12)
                .withStrictRange()
                .and()
                .withDayOfWeek()
                .withValidRange(1, 7)
                .withMondayDoWValue(2)
                .supportsHash()
                .supportsL()
                .supportsQuestionMark()
                .withStrictRange()
                .and()
                .withYear()
                .withValidRange(1970, 2199)
                .withStrictRange()
                .and()
                .withCronValidation(new OneQuestionMark())
                .instance();
    }

    /** Days are told by the month or by the week, never by both. */
    private static final class OneQuestionMark extends CronConstraint {
        private static final long serialVersionUID = 1L;

        OneQuestionMark() {
            super("one of day-of-month and day-of-week must be ?, and only one");
        }

        @Override
        public boolean validate(Cron cron) {
            return isOpen(cron, CronFieldName.DAY_OF_MONTH)
                    != isOpen(cron, CronFieldName.DAY_OF_WEEK);
        }

        private static boolean isOpen(Cron cron, CronFieldName field) {
            CronField found = cron.retrieveFieldsAsMap().get(field);
            return found != null && found.getExpression() instanceof QuestionMark;
        }
    }
}
