package io.millrace.engine.execute.inprocess;

import static io.millrace.engine.execute.inprocess.InvokerFixture.endsOf;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.AttemptEnd;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Functions that bring generated Avro classes of their own. */
final class AvroFunctionTest {
    /** The members that Avro's compiler gives a class; fields are added per class. */
    private static final String GENERATED =
            """
            @org.apache.avro.specific.AvroGenerated
            public class NAME extends org.apache.avro.specific.SpecificRecordBase {
                public static final org.apache.avro.Schema SCHEMA$ =
                        new org.apache.avro.Schema.Parser().parse(JSON);
                private static final org.apache.avro.specific.SpecificData MODEL$ =
                        new org.apache.avro.specific.SpecificData();
                static { MODEL$.addLogicalTypeConversion(
                        new org.apache.avro.data.TimeConversions.TimestampMillisConversion()); }
                private final Object[] values = new Object[SCHEMA$.getFields().size()];
                public static org.apache.avro.Schema getClassSchema() { return SCHEMA$; }
                public org.apache.avro.specific.SpecificData getSpecificData() { return MODEL$; }
                public org.apache.avro.Schema getSchema() { return SCHEMA$; }
                public Object get(int field) { return values[field]; }
                public void put(int field, Object value) { values[field] = value; }
            }
            """;

    private static final String ITEM =
            "{\"type\":\"record\",\"name\":\"Item\",\"namespace\":\"fn\",\"fields\":["
                    + "{\"name\":\"sku\",\"type\":{\"type\":\"string\",\"avro.java.string\":\"String\"}}]}";

    private static final String ORDER =
            "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"fn\",\"fields\":["
                    + "{\"name\":\"id\",\"type\":\"int\"},"
                    + "{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}},"
                    + "{\"name\":\"items\",\"type\":{\"type\":\"array\",\"items\":"
                    + ITEM
                    + "}},"
                    + "{\"name\":\"note\",\"type\":\"string\",\"default\":\"none\"}]}";

    private static final String READER =
            """
            public class Reader implements Handler<Order, String> {
                public String handle(Order order, Context context) {
                    Item item = (Item) ((List<?>) order.get(2)).get(0);
                    Instant at = (Instant) order.get(1);
                    return order.get(0) + " " + at + " " + item.get(0) + " " + order.get(3);
                }
            }
            """;

    @TempDir private Path folder;

    @Test
    void shouldReadAnOlderSchemaIntoTheFunctionsOwnClasses() throws IOException {
        try (InProcessInvoker invoker = invoker()) {
            // When
            AttemptEnd end = run(invoker, 1);

            // Then
            assertThat(endsOf(end)).containsExactly("1 1970-01-01T00:00:01Z a-1 none");
        }
    }

    @Test
    void shouldReadOnManyThreadsAtTheSameTime()
            throws IOException, InterruptedException, ExecutionException {
        try (InProcessInvoker invoker = invoker();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // When
            List<Callable<AttemptEnd>> calls =
                    Stream.iterate(0, i -> i + 1)
                            .limit(200)
                            .<Callable<AttemptEnd>>map(i -> () -> run(invoker, i))
                            .toList();
            List<Future<AttemptEnd>> ends = threads.invokeAll(calls);

            // Then
            for (int i = 0; i < ends.size(); i++) {
                assertThat(endsOf(ends.get(i).get()))
                        .containsExactly(i + " 1970-01-01T00:00:01Z a-" + i + " none");
            }
        }
    }

    @Test
    void shouldFailTheEventWhenItsSchemaDoesNotFit() throws IOException {
        try (InProcessInvoker invoker = invoker()) {
            // Given
            Schema other =
                    SchemaBuilder.record("Order")
                            .namespace("fn")
                            .fields()
                            .requiredInt("x")
                            .endRecord();
            GenericRecord datum = new GenericRecordBuilder(other).set("x", 1).build();

            // When
            AttemptEnd end =
                    invoker.invoke(
                            new InvokerFixture(folder).invocation(InvokerFixture.avro(datum)));

            // Then
            assertThat(endsOf(end))
                    .containsExactly("UNDECODABLE org.apache.avro.AvroTypeException");
        }
    }

    private InProcessInvoker invoker() throws IOException {
        FunctionJar jar =
                new FunctionJar(folder)
                        .source("Item", generated("Item", ITEM))
                        .source("Order", generated("Order", ORDER))
                        .source("Reader", READER);
        return new InvokerFixture(folder).invoker("Reader", jar);
    }

    private static String generated(String name, String schema) {
        String literal = "\"" + schema.replace("\"", "\\\"") + "\"";
        return GENERATED.replace("NAME", name).replace("JSON", literal);
    }

    private AttemptEnd run(InProcessInvoker invoker, int id) throws IOException {
        Schema item =
                SchemaBuilder.record("Item")
                        .namespace("fn")
                        .fields()
                        .requiredString("sku")
                        .endRecord();
        Schema older =
                SchemaBuilder.record("Order")
                        .namespace("fn")
                        .fields()
                        .requiredInt("id")
                        .requiredLong("at")
                        .name("items")
                        .type()
                        .array()
                        .items(item)
                        .noDefault()
                        .endRecord();
        GenericRecord datum =
                new GenericRecordBuilder(older)
                        .set("id", id)
                        .set("at", 1_000L)
                        .set(
                                "items",
                                List.of(
                                        new GenericRecordBuilder(item)
                                                .set("sku", "a-" + id)
                                                .build()))
                        .build();
        return invoker.invoke(new InvokerFixture(folder).invocation(InvokerFixture.avro(datum)));
    }
}
