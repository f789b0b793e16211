package io.millrace.engine.inspect;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * Sums of metered attempts; immutable.
 *
 * @param attempts runs of handlers; what Lambda calls requests
 * @param megabyteMillis billed milliseconds times configured memory
 */
public record MeteringTotals(long attempts, long billedMillis, BigDecimal megabyteMillis) {
    public static final MeteringTotals ZERO = new MeteringTotals(0, 0, BigDecimal.ZERO);

    /** Lambda's public price of a request in USD: 0.20 per million. */
    private static final BigDecimal USD_PER_REQUEST = new BigDecimal("0.0000002");

    /** Lambda's public price of a GB-second in USD, x86. */
    private static final BigDecimal USD_PER_GB_SECOND = new BigDecimal("0.0000166667");

    private static final BigDecimal MB_MILLIS_PER_GB_SECOND = BigDecimal.valueOf(1024L * 1000L);

    public MeteringTotals plus(MeteredAttempt attempt) {
        Duration billed = attempt.usage().billed();
        BigDecimal used =
                BigDecimal.valueOf(billed.toMillis())
                        .multiply(BigDecimal.valueOf(attempt.usage().memoryMb()));
        return new MeteringTotals(
                attempts + 1, billedMillis + billed.toMillis(), megabyteMillis.add(used));
    }

    public BigDecimal gbSeconds() {
        return megabyteMillis.divide(MB_MILLIS_PER_GB_SECOND, MathContext.DECIMAL64);
    }

    /** What the same attempts would cost on AWS Lambda at its public prices, in USD. */
    public BigDecimal lambdaCostUsd() {
        return USD_PER_REQUEST
                .multiply(BigDecimal.valueOf(attempts))
                .add(USD_PER_GB_SECOND.multiply(gbSeconds()))
                .setScale(10, RoundingMode.HALF_UP);
    }
}
