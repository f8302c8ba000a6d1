*** Settings ***
Documentation       Who pays for roadside help: the purchase, regular service, or the owner.
...                 Polestar 1, Assistance with Polestar Connect, chapter "Roadside assistance costs".
Library             ConnectHil


*** Test Cases ***
Roadside Help Is Included For Three Years
    [Documentation]    The third anniversary of the purchase is the last free day; the day after it, a price is shown.
    [Tags]    B-17    procedure:roadside-cost
    Given The Car Was Bought 3 Years Ago
    Then Customer Support Says That Roadside Help Is Included
    When The App Asks For Help With A Flat Tyre
    And The Operator Decides On A Tow Truck
    Then The Tow Truck Comes Free Of Charge
    Given The Car Was Bought 3 Years And A Day Ago
    When The App Asks For Help With A Flat Tyre
    And The Operator Decides On A Tow Truck
    Then The Owner Is Shown What Help Costs

Regular Service Keeps Roadside Help Free
    [Documentation]    On most markets, and only where no service was missed.
    [Tags]    B-18    procedure:roadside-serviced
    Given The Car Was Bought 4 Years Ago On The Market SE
    And It Was Serviced Every Year But The Last
    Then Customer Support Says That Roadside Help Is Expired
    Given It Was Serviced Every Year
    When The App Asks For Help With A Dead Battery
    And The Operator Decides On A Tow Truck
    Then The Tow Truck Comes Free Of Charge
    Given The Car Was Bought 4 Years Ago On The Market CN
    And It Was Serviced Every Year
    Then Customer Support Says That Roadside Help Is Expired

Help Comes After The Agreement Has Run Out
    [Documentation]    The owner sees the price, agrees, and only then the tow truck sets off; recovery comes on top.
    [Tags]    B-19    procedure:roadside-expired
    Given The Car Was Bought 5 Years Ago
    When The App Asks For Help With An Empty Tank
    And The Operator Decides On A Tow Truck
    Then The Owner Is Shown What Help Costs
    And Nobody Sets Off
    When The Owner Agrees To Pay
    Then The Tow Truck Sets Off At The Price Shown
    When The Tow Truck Takes The Car Away
    Then Recovery Costs Extra
