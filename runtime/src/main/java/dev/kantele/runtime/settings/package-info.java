/**
 * Settings read from HOCON, with errors that name the key, the place and the bound. Start at {@link
 * dev.kantele.runtime.settings.SettingsReader}. Values only: no thread owns anything.
 */
@NullMarked
package dev.kantele.runtime.settings;

import org.jspecify.annotations.NullMarked;
