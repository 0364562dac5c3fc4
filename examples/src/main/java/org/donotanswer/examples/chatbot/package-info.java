/** A chatbot with a web page whose streamed responses are guarded: run {@link org.donotanswer.examples.chatbot.Chatbot}. */
@NullMarked
package org.donotanswer.examples.chatbot;

import org.jspecify.annotations.NullMarked;
