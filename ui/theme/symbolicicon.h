// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/theme/theme.h"

#include <optional>

namespace portreeve::theme {

bool hasBundledIcon(const QString& file);

/// An icon from an SVG file whose `currentColor` strokes take the application palette's text
/// colour, or the colour of @p role, whenever it is painted.
QIcon symbolicIcon(const QString& file, std::optional<Role> role);

} // namespace portreeve::theme
