/** A chatbot with a web page, whose answers are guarded while they are written: run {@link org.donotanswer.examples.chatbot.Chatbot}. */
@NullMarked
package org.donotanswer.examples.chatbot;

import org.jspecify.annotations.NullMarked;
