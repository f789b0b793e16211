package io.millrace.connectors.rabbitmq;

import com.rabbitmq.client.Channel;

/** A delivery and the channel that may acknowledge it. */
record RabbitMqReceipt(Channel channel, long deliveryTag) {}
