/** LLMs behind OpenAI-compatible endpoints, and the chat models of frameworks: requests, replies and failures. */
@NullMarked
package org.donotanswer.classifier.chat;

import org.jspecify.annotations.NullMarked;
