// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/ui/inputs.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QMainWindow>
#include <QMap>
#include <QMenuBar>
#include <QScrollArea>
#include <QTabBar>
#include <QTest>

#include <algorithm>
#include <cstdlib>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

bool hasName(const QWidget& widget)
{
    if (!widget.accessibleName().isEmpty()) {
        return true;
    }
    if (const auto* button = qobject_cast<const QAbstractButton*>(&widget)) {
        return !button->text().isEmpty();
    }
    const auto labels = widget.window()->findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(),
        [&widget](const QLabel* label) { return label->buddy() == &widget; });
}

QRect placeIn(const QWidget& root, const QWidget& widget)
{
    return { widget.mapTo(&root, QPoint()), widget.size() };
}

const QScrollArea* scrollerOf(const QWidget& widget)
{
    for (auto* at = widget.parentWidget(); at != nullptr; at = at->parentWidget()) {
        const auto* area = qobject_cast<const QScrollArea*>(at);
        if (area != nullptr && area->widget() != nullptr && area->widget()->isAncestorOf(&widget)) {
            return area;
        }
    }
    return nullptr;
}

/// Where @p widget is seen beside what does not scroll with it: what is scrolled out of sight
/// counts as the edge it went over.
QRect seenIn(const QWidget& root, const QWidget& widget)
{
    const QRect place = placeIn(root, widget);
    const QScrollArea* area = scrollerOf(widget);
    if (area == nullptr || !root.isAncestorOf(area)) {
        return place;
    }
    const QRect view = placeIn(root, *area->viewport());
    QRect seen = place.intersected(view);
    if (seen.isEmpty()) {
        seen = place;
        seen.moveTop(std::clamp(place.top(), view.top(), std::max(view.top(), view.bottom())));
        seen.setHeight(1);
    }
    return seen;
}

bool followsReading(const QWidget& root, const QWidget& from, const QWidget& to)
{
    const QScrollArea* area = scrollerOf(from);
    const bool scrollTogether = area != nullptr && area == scrollerOf(to);
    const QRect a = scrollTogether ? placeIn(*area->widget(), from) : seenIn(root, from);
    const QRect b = scrollTogether ? placeIn(*area->widget(), to) : seenIn(root, to);
    const QPoint step = b.center() - a.center();
    const bool isSameLine = 2 * std::abs(step.y()) < std::min(a.height(), b.height());
    return isSameLine ? step.x() > 0 : step.y() > 0 || step.x() > 0;
}

} // namespace

std::vector<QWidget*> inputsOf(const QWidget& root)
{
    std::vector<QWidget*> inputs;
    const auto all = root.findChildren<QWidget*>();
    for (auto* widget : all) {
        const bool isPart = qobject_cast<QComboBox*>(widget->parentWidget()) != nullptr
            || qobject_cast<QAbstractSpinBox*>(widget->parentWidget()) != nullptr;
        const bool isScroller = widget->metaObject()->className() == "QScrollArea"_ba;
        if (widget->isVisible() && widget->isEnabled() && !isPart && !isScroller
            && widget->window() == root.window() && widget->focusProxy() == nullptr
            && (widget->focusPolicy() & Qt::TabFocus) != 0) {
            inputs.push_back(widget);
        }
    }
    return inputs;
}

QString describeWidget(const QWidget& widget)
{
    QString chain;
    for (const QWidget* at = &widget; at != nullptr; at = at->parentWidget()) {
        chain = QString::fromLatin1(at->metaObject()->className()) + u'(' + at->objectName()
            + u") "_s + chain;
    }
    return chain;
}

QStringList namelessInputs(const QWidget& root)
{
    QStringList out;
    for (const auto* input : inputsOf(root)) {
        if (!hasName(*input)) {
            out << describeWidget(*input);
        }
    }
    return out;
}

QStringList sharedLetters(const QMainWindow& window)
{
    QMap<QString, QStringList> holders;
    const auto note = [&holders](const QString& text) {
        if (const QKeySequence letter = QKeySequence::mnemonic(text); !letter.isEmpty()) {
            holders[letter.toString()].append(text);
        }
    };
    for (const auto* menu : window.menuBar()->actions()) {
        note(menu->text());
    }
    for (const auto* widget : window.findChildren<QWidget*>()) {
        if (!widget->isVisible()) {
            continue;
        }
        const auto* label = qobject_cast<const QLabel*>(widget);
        if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) {
            note(button->text());
        } else if (label != nullptr && label->buddy() != nullptr) {
            note(label->text());
        } else if (const auto* tabs = qobject_cast<const QTabBar*>(widget)) {
            for (int tab = 0; tab < tabs->count(); ++tab) {
                note(tabs->isTabVisible(tab) ? tabs->tabText(tab) : QString());
            }
        }
    }
    QStringList shared;
    for (const auto& [letter, texts] : holders.asKeyValueRange()) {
        if (texts.size() > 1) {
            shared << letter + u": "_s + texts.join(u", "_s);
        }
    }
    return shared;
}

QStringList tabProblems(QWidget& window, const QWidget& root)
{
    const auto inputs = inputsOf(root);
    const auto isInput = [&inputs](const QWidget* widget) {
        return std::find(inputs.begin(), inputs.end(), widget) != inputs.end();
    };
    std::vector<const QWidget*> visited;
    const std::size_t presses = inputsOf(window).size() * 2 + 10;
    for (std::size_t press = 0; press < presses; ++press) {
        QWidget* at = QApplication::focusWidget();
        QTest::keyClick(at != nullptr ? at : &window, Qt::Key_Tab);
        visited.push_back(QApplication::focusWidget());
    }
    QStringList out;
    for (const auto* input : inputs) {
        const bool isRadio = input->inherits("QRadioButton"); // one of a group takes Tab
        if (!isRadio && std::find(visited.begin(), visited.end(), input) == visited.end()) {
            out << u"not reached: "_s + describeWidget(*input);
        }
    }
    if (inputs.empty()) {
        return out;
    }
    // One round, from the first input behind something else; a root of inputs alone has its
    // beginning where a reader begins.
    const QWidget* first = *std::min_element(
        inputs.begin(), inputs.end(), [&root](const QWidget* a, const QWidget* b) {
            const QPoint left = seenIn(root, *a).topLeft();
            const QPoint right = seenIn(root, *b).topLeft();
            return std::pair(left.y(), left.x()) < std::pair(right.y(), right.x());
        });
    auto begin = std::find(visited.begin(), visited.end(), first);
    for (auto at = visited.begin(); at + 1 < visited.end(); ++at) {
        if (!isInput(*at) && isInput(*(at + 1))) {
            begin = at + 1;
            break;
        }
    }
    for (auto at = begin; at != visited.end() && at + 1 != visited.end(); ++at) {
        const QWidget* next = *(at + 1);
        if (!isInput(next) || next == *begin) {
            break;
        }
        if (!followsReading(root, **at, *next)) {
            out << u"against the reading order: "_s + describeWidget(**at) + u"-> "_s
                    + describeWidget(*next);
        }
    }
    return out;
}

} // namespace portreeve::test
