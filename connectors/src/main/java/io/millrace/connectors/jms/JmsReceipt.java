package io.millrace.connectors.jms;

import jakarta.jms.Message;
import jakarta.jms.Session;

/** A message and the session that may acknowledge it. */
record JmsReceipt(Session session, Message message) {}
