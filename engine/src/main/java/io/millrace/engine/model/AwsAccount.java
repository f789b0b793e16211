package io.millrace.engine.model;

import java.util.regex.Pattern;

/**
 * What stands in the places of events in AWS's form that name an AWS account (DEF-30).
 *
 * @param partition of AWS, such as {@code aws}
 * @param region such as {@code us-east-1}; what knows a region of its own is shown with that
 * @param accountId 12 digits
 */
public record AwsAccount(String partition, String region, String accountId) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");
    private static final Pattern ID = Pattern.compile("\\d{12}");

    /** What {@link #isName} asks for, in words. */
    public static final String NAME_RULE = "1 to 32 lower-case letters, digits or '-'";

    /** What {@link #isAccountId} asks for, in words. */
    public static final String ID_RULE = "12 digits";

    /** Behind the patterns, which check it. */
    public static final AwsAccount DEFAULT = new AwsAccount("aws", "us-east-1", "000000000000");

    public AwsAccount {
        if (!isName(partition)) {
            throw MillraceException.invalid("AWS partition", partition, NAME_RULE);
        }
        if (!isName(region)) {
            throw MillraceException.invalid("AWS region", region, NAME_RULE);
        }
        if (!isAccountId(accountId)) {
            throw MillraceException.invalid("AWS account id", accountId, ID_RULE);
        }
    }

    /** Whether it can name a partition or a region. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    public static boolean isAccountId(String text) {
        return ID.matcher(text).matches();
    }

    /** The name of a resource in this account and region. */
    public String arn(String service, String resource) {
        return arn(service, region, accountId, resource);
    }

    /** The name of a resource, with whatever region and account such names have. */
    public String arn(String service, String ofRegion, String ofAccount, String resource) {
        return "arn:" + partition + ":" + service + ":" + ofRegion + ":" + ofAccount + ":"
                + resource;
    }
}
