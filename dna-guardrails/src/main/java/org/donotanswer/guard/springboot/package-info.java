/**
 * Guards chatbots in Spring Boot, of the lines 3.5 and 4.1, without code: with this library, Spring AI and an evaluator on the
 * class path, every {@code ChatClient.Builder} bean gets a guard. Its properties are those of {@link
 * org.donotanswer.guard.springboot.GuardProperties}, and each bean gives way to one of the application's own.
 */
@NullMarked
package org.donotanswer.guard.springboot;

import org.jspecify.annotations.NullMarked;
