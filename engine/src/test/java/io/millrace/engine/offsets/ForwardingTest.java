package io.millrace.engine.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.engine.time.ManualTimeSource;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every method of the Kafka interfaces reaches the client behind the wrapper. */
final class ForwardingTest {
    private static final Map<Class<?>, Object> VALUES = new HashMap<>();

    static {
        VALUES.put(Duration.class, Duration.ofMillis(5));
        VALUES.put(Set.class, Set.of());
        VALUES.put(List.class, List.of());
        VALUES.put(Collection.class, List.of());
        VALUES.put(Map.class, Map.of(new TopicPartition("other", 0), new OffsetAndMetadata(1)));
        VALUES.put(Pattern.class, Pattern.compile("x"));
        VALUES.put(SubscriptionPattern.class, new SubscriptionPattern("x"));
        VALUES.put(ConsumerRebalanceListener.class, new QuietListener());
        VALUES.put(OffsetCommitCallback.class, (OffsetCommitCallback) (_, _) -> {});
        VALUES.put(TopicPartition.class, new TopicPartition("orders", 0));
        VALUES.put(OffsetAndMetadata.class, new OffsetAndMetadata(5));
        VALUES.put(long.class, 7L);
        VALUES.put(String.class, "x");
        VALUES.put(CloseOptions.class, CloseOptions.timeout(Duration.ZERO));
        VALUES.put(Uuid.class, Uuid.ONE_UUID);
        VALUES.put(OptionalLong.class, OptionalLong.of(7));
        VALUES.put(ConsumerRecords.class, ConsumerRecords.empty());
        VALUES.put(ConsumerGroupMetadata.class, new MockConsumer<>("earliest").groupMetadata());
        VALUES.put(ProducerRecord.class, new ProducerRecord<>("results", new byte[0]));
        VALUES.put(Callback.class, (Callback) (_, _) -> {});
        VALUES.put(Future.class, CompletableFuture.completedFuture("sent"));
    }

    private static final class QuietListener implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
    }

    /** What a wrapper calls on the client behind it. */
    private record Call(Method method, List<@Nullable Object> arguments) {}

    /** Answers every call; throws a wake-up at the first call of one method. */
    private static final class Delegate implements InvocationHandler {
        private final List<Call> calls = new ArrayList<>();
        private final String late;
        private boolean thrown;

        private Delegate(String late) {
            this.late = late;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
            if (method.getName().equals(late) && !thrown) {
                thrown = true;
                throw new WakeupException();
            }
            var given = new ArrayList<@Nullable Object>();
            if (arguments != null) {
                given.addAll(Arrays.asList(arguments));
            }
            calls.add(new Call(method, given));
            return method.getName().equals("committed")
                    ? Map.of()
                    : VALUES.get(method.getReturnType());
        }

        @SuppressWarnings("unchecked")
        private <T> T as(Class<? super T> type) {
            return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this);
        }
    }

    static Stream<Method> consumerMethods() {
        // What becomes of the offsets is the matter of WatermarkConsumerTest.
        return Stream.of(Consumer.class.getMethods())
                .filter(method ->
                        !method.getName().equals("commitSync")
                                || List.of(method.getParameterTypes()).indexOf(Map.class) < 0);
    }

    static Stream<Method> producerMethods() {
        // What becomes of the offsets is the matter of WatermarkProducerTest.
        return Stream.of(Producer.class.getMethods())
                .filter(method -> !method.getName().equals("sendOffsetsToTransaction"));
    }

    @ParameterizedTest
    @MethodSource("consumerMethods")
    void shouldForwardTheConsumersMethod(Method method) {
        var delegate = new Delegate("");
        call(consumer(delegate), method);
        assertForwarded(delegate, method);
    }

    @ParameterizedTest
    @MethodSource("producerMethods")
    void shouldForwardTheProducersMethod(Method method) {
        var delegate = new Delegate("");
        var producer = new WatermarkProducer(delegate.as(Producer.class), clients());
        call(producer, method);
        assertForwarded(delegate, method);
    }

    @ParameterizedTest
    @MethodSource("consumerMethods")
    void shouldAbsorbAWakeupThatComesLate(Method method) {
        if (method.getName().equals("wakeup")) {
            return;
        }
        for (String late : List.of(method.getName(), "assignment", "paused", "pause", "resume")) {
            var delegate = new Delegate(late);
            assertThatCode(() -> call(consumer(delegate), method))
                    .as("a late wake-up in %s", late)
                    .doesNotThrowAnyException();
            if (!method.getName().equals("poll")) {
                assertForwarded(delegate, method);
            }
        }
    }

    private static WatermarkConsumer consumer(Delegate delegate) {
        return new WatermarkConsumer(delegate.as(Consumer.class), clients(), (_, _, _) -> {});
    }

    private static ThreadClients clients() {
        return new ThreadClients(new ManualTimeSource());
    }

    private static @Nullable Object call(Object wrapper, Method method) {
        var arguments = new ArrayList<@Nullable Object>();
        for (Class<?> type : method.getParameterTypes()) {
            if (type != KafkaMetric.class && !VALUES.containsKey(type)) {
                throw new AssertionError("no sample of " + type);
            }
            arguments.add(VALUES.get(type));
        }
        try {
            return method.invoke(wrapper, arguments.toArray());
        } catch (InvocationTargetException e) {
            throw new AssertionError(method + " threw " + e.getCause(), e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertForwarded(Delegate delegate, Method method) {
        var arguments = new ArrayList<@Nullable Object>();
        for (Class<?> type : method.getParameterTypes()) {
            arguments.add(VALUES.get(type));
        }
        assertThat(delegate.calls).contains(new Call(method, arguments));
    }
}
