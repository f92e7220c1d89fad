/**
 * The interactive chat. Start at {@link dev.kantele.cluster.chat.Chat}, which carries out what
 * {@link dev.kantele.cluster.chat.Conversation} decides. One thread reads the keyboard, one a
 * session reads its events, one talks to the node; they take turns at the conversation.
 */
@NullMarked
package dev.kantele.cluster.chat;

import org.jspecify.annotations.NullMarked;
