// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

namespace portreeve {

// Names inside the zip, in byte order; the slash belongs to the name.
inline constexpr char kGroupEntry[] = "pomerium.io/DirectoryGroup.json";
inline constexpr char kUserEntry[] = "pomerium.io/DirectoryUser.json";

} // namespace portreeve
