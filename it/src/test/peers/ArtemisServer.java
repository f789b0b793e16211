import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

import java.io.File;

/** Artemis with one durable queue, AMQP and MQTT on one port. Arguments: port, folder, queue. */
public final class ArtemisServer {
    public static void main(String[] arguments) throws Exception {
        File folder = new File(arguments[1]);
        ConfigurationImpl config = new ConfigurationImpl();
        config.setBrokerInstance(folder);
        config.setSecurityEnabled(false)
                .setPersistenceEnabled(true)
                .setJournalType(JournalType.NIO)
                .setJournalFileSize(1024 * 1024)
                .setMaxDiskUsage(-1)
                .setJournalDirectory(new File(folder, "journal").getPath())
                .setBindingsDirectory(new File(folder, "bindings").getPath())
                .setPagingDirectory(new File(folder, "paging").getPath())
                .setLargeMessagesDirectory(new File(folder, "large").getPath());
        config.addAcceptorConfiguration(
                "all", "tcp://127.0.0.1:" + arguments[0] + "?protocols=AMQP,MQTT");
        // A message whose reader was killed is not given up.
        config.addAddressSetting(
                "#",
                new AddressSettings()
                        .setMaxDeliveryAttempts(-1)
                        .setAutoDeleteQueues(false)
                        .setAutoDeleteAddresses(false));
        config.addQueueConfiguration(
                QueueConfiguration.of(arguments[2])
                        .setAddress(arguments[2])
                        .setRoutingType(RoutingType.ANYCAST)
                        .setDurable(true));
        EmbeddedActiveMQ server = new EmbeddedActiveMQ().setConfiguration(config);
        server.start();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            try {
                                server.stop();
                            } catch (Exception e) {
                                e.printStackTrace();
                            }
                        }));
        System.out.println("ready");
        Thread.currentThread().join();
    }
}
