package io.millrace.connectors.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.objectstore.NotificationConfig.KeyEncoding;
import io.millrace.connectors.objectstore.NotificationParser.Parsed;
import io.millrace.connectors.objectstore.ObjectChange.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class NotificationParserTest {
    private static final String AWS =
            """
            {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-west-1",
             "eventTime":"2026-01-31T10:20:30.400Z","eventName":"ObjectCreated:Put",
             "s3":{"s3SchemaVersion":"1.0","bucket":{"name":"photos","arn":"arn:aws:s3:::photos"},
              "object":{"key":"red+flower%2Bgr%C3%BCn.jpg","size":1024,"eTag":"d41d8cd9",
               "versionId":"096fKKXTRTtl3on89fVO.nfljtsv6qko","sequencer":"0055AED6DCD90281E5"}}}]}
            """;

    @Test
    void shouldReadTheFormOfAwsWithItsEncodedKeys() {
        assertThat(told(AWS))
                .containsExactly(
                        new ObjectNotification(
                                0,
                                Kind.CREATED,
                                "photos",
                                "red flower+grün.jpg",
                                1024,
                                "d41d8cd9",
                                "096fKKXTRTtl3on89fVO.nfljtsv6qko",
                                Optional.of(Instant.parse("2026-01-31T10:20:30.400Z")),
                                "0055AED6DCD90281E5",
                                "eu-west-1"));
    }

    @Test
    void shouldReadTheFormOfMinio() {
        String minio =
                """
                {"EventName":"s3:ObjectRemoved:Delete","Key":"images/a/b.jpg","Records":[
                 {"eventVersion":"2.0","eventSource":"minio:s3","awsRegion":"",
                  "eventTime":"2026-10-26T11:18:32.123Z","eventName":"s3:ObjectRemoved:Delete",
                  "s3":{"bucket":{"name":"images"},
                   "object":{"key":"a%2Fb.jpg","sequencer":"15612487A9DF732C"}}}]}
                """;

        ObjectNotification told = told(minio).get(0);

        assertThat(told.kind()).isEqualTo(Kind.DELETED);
        assertThat(told.key()).isEqualTo("a/b.jpg");
        assertThat(told.size()).isZero();
    }

    @Test
    void shouldReadTheFormOfCephWhoseKeysAreNotEncoded() {
        String ceph =
                """
                {"Records":[{"eventVersion":"2.2","eventSource":"ceph:s3","awsRegion":"default",
                 "eventTime":"2026-11-22T13:47:35.124724Z","eventName":"s3:ObjectCreated:Put",
                 "s3":{"bucket":{"name":"b","id":"503a4c37"},
                  "object":{"key":"100%+x/a b","size":512,"etag":"\\"37b5\\"","versionId":"",
                   "sequencer":"F7E6D75DC742D108"}},"eventId":"","opaqueData":""}]}
                """;

        ObjectNotification told = told(ceph).get(0);

        assertThat(told.key()).isEqualTo("100%+x/a b");
        assertThat(told.eTag()).isEqualTo("37b5");
        assertThat(told.versionId()).isEmpty();
    }

    @Test
    void shouldTakeTheKeysAsTheConfigurationSays() {
        Parsed parsed =
                NotificationParser.parse(AWS.getBytes(StandardCharsets.UTF_8), KeyEncoding.NONE);

        assertThat(((Parsed.Told) parsed).notifications().get(0).key())
                .isEqualTo("red+flower%2Bgr%C3%BCn.jpg");
    }

    @Test
    void shouldReadTheFormOfEventBridge() {
        String event =
                """
                {"version":"0","id":"17793124","detail-type":"Object Deleted","source":"aws.s3",
                 "account":"111122223333","time":"2026-11-12T00:00:00Z","region":"ca-central-1",
                 "detail":{"version":"0","bucket":{"name":"b"},
                  "object":{"key":"a b+c","etag":"d41d","version-id":"IYV3p45",
                   "sequencer":"617f08299329d189"},
                  "reason":"DeleteObject","deletion-type":"Delete Marker Created"}}
                """;

        ObjectNotification told = told(event).get(0);

        assertThat(told.kind()).isEqualTo(Kind.DELETED);
        assertThat(told.key()).isEqualTo("a b+c");
        assertThat(told.versionId()).isEqualTo("IYV3p45");
        assertThat(told.region()).isEqualTo("ca-central-1");
    }

    @Test
    void shouldReadWhatIsInsideAMessageOfSns() {
        String inner = AWS.replace("\n", "").replace("\"", "\\\"");

        assertThat(told("{\"Type\":\"Notification\",\"Message\":\"" + inner + "\"}"))
                .isEqualTo(told(AWS));
    }

    @Test
    void shouldKeepThePlacesOfSeveralRecordsAndLeaveOutOtherEvents() {
        String three =
                record("ObjectCreated:Copy", "a")
                        + ","
                        + record("ObjectTagging:Put", "b")
                        + ","
                        + record("LifecycleExpiration:Delete", "c");

        List<ObjectNotification> told = told("{\"Records\":[" + three + "]}");

        assertThat(told).extracting(ObjectNotification::index).containsExactly(0, 2);
        assertThat(told)
                .extracting(ObjectNotification::kind)
                .containsExactly(Kind.CREATED, Kind.DELETED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"b\"}",
                "{\"Records\":[]}",
                "{\"Type\":\"SubscriptionConfirmation\",\"Message\":\"m\",\"SubscribeURL\":\"u\"}",
                "{\"detail-type\":\"Object Tags Added\",\"detail\":{}}"
            })
    void shouldGiveNothingForWhatTellsOfNoObject(String message) {
        assertThat(told(message)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "[1]",
                "{}",
                "{\"Records\":[{}]}",
                "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\"}]}",
                "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":"
                        + "{\"name\":\"b\"},\"object\":{\"key\":\"100%zz\"}}}]}",
                "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"eventTime\":\"today\","
                        + "\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"k\"}}}]}",
                "{\"Type\":\"Notification\",\"Message\":\"no JSON\"}",
                "{\"Type\":\"Notification\",\"Message\":\"{\\\"Type\\\":\\\"Notification\\\"}\"}"
            })
    void shouldSayWhyAMessageIsNoNotification(String message) {
        Parsed parsed = parse(message);

        assertThat(parsed).isInstanceOf(Parsed.Malformed.class);
        assertThat(((Parsed.Malformed) parsed).reason()).isNotBlank();
    }

    private static String record(String event, String key) {
        return "{\"eventName\":\""
                + event
                + "\",\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\""
                + key
                + "\"}}}";
    }

    private static List<ObjectNotification> told(String message) {
        Parsed parsed = parse(message);
        assertThat(parsed).isInstanceOf(Parsed.Told.class);
        return ((Parsed.Told) parsed).notifications();
    }

    private static Parsed parse(String message) {
        return NotificationParser.parse(message.getBytes(StandardCharsets.UTF_8), KeyEncoding.AUTO);
    }
}
